// 일괄 번역: the dialog with the quota. How it tells the end of a translation differs by account.

import { button } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { confirm, Modal } from "../antd/overlay.js";
import { css, h, icon, later } from "../dom.js";
import { ask } from "../net.js";

const STAYS_OPEN = new Set(["dialog", "button"]);
const LOOK_MS = 150;

export async function openTranslation(keys, onChanged) {
  const offer = await ask("POST", "/api/translation/offer");
  if (!offer) return;
  if (offer.has_notice) await confirm({ title: "안내", content: "번역 기능이 새로워졌습니다." });
  new TranslationDialog(keys, offer, onChanged).open();
}

class TranslationDialog {
  constructor(keys, { left, sign }, onChanged) {
    this.keys = keys;
    this.sign = sign;
    this.onChanged = onChanged;
    this.start = button("일괄 번역 시작", { kind: "primary", onClick: () => this.begin() });
    this.away = button("닫기", { onClick: () => this.modal.close() });
    this.body = h("div.column", alert(left), h("span.Body3Regular14", `선택 ${keys.length}개 상품`));
    this.modal = new Modal({
      title: "선택 상품 일괄 번역",
      body: [this.body],
      footer: [this.away, this.start],
      isDestroyedOnClose: true,
    });
    if (left !== null && left < keys.length) this.start.disabled = true;
  }

  open() {
    this.modal.open();
  }

  async begin() {
    this.setBusy(true);
    const begun = await ask("POST", "/api/translation", { keys: this.keys });
    if (!begun) return this.setBusy(false);
    if (!STAYS_OPEN.has(this.sign)) {
      this.modal.close();
      toast("success", "일괄 번역을 시작했습니다.");
      this.onChanged();
    }
    await this.follow();
    return undefined;
  }

  /** Ask for the progress until all is done. */
  async follow() {
    for (;;) {
      const progress = await ask("GET", "/api/translation/progress");
      if (!progress) return;
      const { total, done, failed } = progress;
      this.show(total, done, failed);
      if (done + failed >= total) break;
      await later(LOOK_MS);
    }
    if (this.sign === "toast") toast("success", "일괄 번역이 완료되었습니다.");
    if (STAYS_OPEN.has(this.sign)) this.setBusy(false);
    if (this.sign !== "rows" && this.sign !== "names") this.onChanged();
  }

  show(total, done, failed) {
    if (this.sign !== "dialog") return;
    const count = done + failed;
    const texts = [h("span", `${count}/${total} ${count < total ? "번역중.." : "번역 완료"}`)];
    texts.push(h("span", `${done}건 성공 / ${failed}건 실패`), bar(Math.round((100 * count) / total)));
    if (count === total) texts.push(h("span", "모든 번역이 완료됐습니다."));
    this.body.replaceChildren(...texts);
    this.start.hidden = true;
  }

  setBusy(isBusy) {
    this.start.classList.toggle("ant-btn-loading", isBusy);
  }
}

function alert(left) {
  const text = h("div.ant-alert-message", "오늘 남은 번역 횟수: ", h("span", { style: "color:#1677ff" }, `${left ?? "-"}회`));
  return h("div.ant-alert.ant-alert-info", { role: "alert", class: css }, icon("info-circle"), h("div.ant-alert-content", text));
}

const bar = (percent) =>
  h("div.ant-progress", { role: "progressbar", "aria-valuenow": String(percent) }, h("div.ant-progress-outer"));
