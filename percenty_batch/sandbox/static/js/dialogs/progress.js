// What a bulk dialog shows while it works through products, one after the other, and at its end.

import { button } from "../antd/controls.js";
import { css, h } from "../dom.js";
import { call, loseSignIn } from "../net.js";

const PAGE = 10;

/** Work through `keys` in the open `modal`; closing it meanwhile gives the rest up. */
export class BulkWork {
  constructor(modal, { verb, keys, path, body, doneText }) {
    Object.assign(this, { modal, verb, keys, path, body, doneText, failures: [], handled: 0, isAborted: false });
    this.state = h("div.Body2Medium14");
    this.counts = h("div.Body3Regular14");
    this.fill = h("div.ant-progress-bg");
    this.bar = h(
      "div.ant-progress.ant-progress-line",
      { role: "progressbar", class: css, "aria-valuemin": "0", "aria-valuemax": "100" },
      h("div.ant-progress-outer", h("div.ant-progress-inner", this.fill)),
    );
    this.close = button("닫기", { kind: "primary", isDanger: true, onClick: () => modal.requestClose() });
    modal.content.querySelector(".ant-modal-body").replaceChildren(this.state, this.counts, this.bar);
    modal.content.querySelector(".ant-modal-footer").replaceChildren(this.close);
  }

  async run() {
    for (const key of this.keys) {
      this.render();
      await this.one(key);
      if (this.isAborted) return;
      this.handled += 1;
    }
    this.render(true);
  }

  async one(key) {
    try {
      await call("POST", this.path(key), this.body);
    } catch (refused) {
      if (refused.status === 401) {
        this.isAborted = true;
        loseSignIn();
      } else this.failures.push([key, refused.message]);
    }
  }

  abort() {
    this.isAborted = true;
    this.modal.close();
  }

  render(isDone = false) {
    const { verb, handled, keys, failures } = this;
    const percent = Math.round((handled / keys.length) * 100);
    this.state.textContent = `${handled}/${keys.length} ${verb}${isDone ? " 완료" : "중.."}`;
    this.counts.textContent = `${handled - failures.length}건 성공 / ${failures.length}건 실패`;
    this.bar.setAttribute("aria-valuenow", String(percent));
    this.fill.style.width = `${percent}%`;
    if (isDone) this.finish();
  }

  finish() {
    this.close.classList.remove("ant-btn-dangerous");
    this.modal.requestClose = () => this.modal.close();
    const said = h("div.Body2Medium14", this.doneText);
    this.modal.content.querySelector(".ant-modal-body").prepend(said);
    this.modal.content.querySelector(".ant-modal-body").append(failureTable(this.failures));
  }
}

function failureTable(failures) {
  const cell = (text) => h("td.ant-table-cell", text);
  const rows = (page) => failures.slice(page * PAGE, (page + 1) * PAGE).map(([key, reason]) =>
    h("tr.ant-table-row", { "data-row-key": key }, cell(key), cell(reason)));
  const tbody = h("tbody.ant-table-tbody", rows(0));
  const heads = ["퍼센티 상품 ID", "실패 내역"].map((title) => h("th.ant-table-cell", { scope: "col" }, title));
  const table = h("table", h("thead.ant-table-thead", h("tr", heads)), tbody);
  let page = 0;
  const last = Math.max(0, Math.ceil(failures.length / PAGE) - 1);
  const next = h("li.ant-pagination-next", {
    title: "다음 페이지",
    "aria-disabled": String(last === 0),
    onclick: () => {
      page = Math.min(page + 1, last);
      tbody.replaceChildren(...rows(page));
      next.setAttribute("aria-disabled", String(page === last));
    },
  }, "›");
  return h("div.ant-table-wrapper", { class: css }, table, last > 0 && h("ul.ant-pagination", next));
}
