// 그룹 상품 관리: the view switch, the group radios and the list.

import { button, radio, toggle } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { confirm } from "../antd/overlay.js";
import { Select } from "../antd/select.js";
import { openUpload } from "../dialogs/upload.js";
import { openMemo } from "../drawer/memo.js";
import { openProduct } from "../drawer/product.js";
import { h, hashed } from "../dom.js";
import { ask } from "../net.js";
import { groupDialog } from "./group_dialog.js";
import { ProductTable } from "./product_table.js";

const SIZES = { "20개씩 보기": 20, "50개씩 보기": 50 };

export const groupProducts = (me) => new GroupProducts(me).element;

class GroupProducts {
  constructor(me) {
    this.me = me;
    this.query = { grouped: true, group: "", page: 1, size: 20 };
    this.newest = 0;
    this.dialog = groupDialog(me.groups, (group) => this.move([...this.table.selected], group));
    this.table = new ProductTable({
      groups: me.groups.map(({ name }) => name),
      hasLastingSelection: me.has_lasting_selection,
      onSelection: () => this.renderToolbar(),
      onOpen: (product) => openProduct(product.key, this.me, () => this.load()),
      onMemo: (product) => openMemo(product, () => this.load()),
      onMove: (key, group) => this.move([key], group),
      onPage: (page) => this.change({ page }),
    });
    this.element = h("div.page", this.head(), this.filter(), this.toolbar(), this.table.element);
    this.renderView();
    this.renderToolbar();
    this.load();
  }

  head() {
    this.label = h("span.Body3Regular14.CharacterPrimary85");
    this.toggle = toggle({
      isChecked: true,
      onChange: (grouped) => {
        this.change({ grouped, group: "", page: 1 }, { isRefresh: true });
        this.renderView();
      },
    });
    return h(
      "div.page-head",
      h("span.H5Bold16.CharacterTitle85", "그룹 상품 관리"),
      h("div.row", { class: hashed("view") }, button("그룹 관리하기"), this.toggle, this.label),
    );
  }

  filter() {
    const choose = (group) => this.change({ group, page: 1 });
    const option = (text, value, group) =>
      radio(text, { value, group: "group-filter", isChecked: value === "", onChange: () => choose(group) });
    this.radios = [option("전체", "", ""), ...this.me.groups.map(({ name, id }) => option(name, id, name))];
    const title = h("span.Body2Medium14", "그룹 검색");
    return h("div.panel", { class: hashed("filter") }, title, h("div.ant-radio-group", this.radios));
  }

  toolbar() {
    this.count = h("span.Body3Regular14.CharacterTitle85");
    this.size = new Select({
      options: Object.keys(SIZES),
      value: "20개씩 보기",
      width: 130,
      onChange: (text) => this.change({ size: SIZES[text], page: 1 }),
    });
    this.bulk = [
      button("업로드", { kind: "primary", onClick: () => openUpload(this.table.chosen) }),
      button("일괄 편집"),
      button("삭제", { isDanger: true, onClick: () => this.remove() }),
      button("그룹 지정", { onClick: () => this.dialog.open() }),
    ];
    return h(
      "div.page-head",
      h("div.row", h("span.H5Bold16", "전체 상품 목록"), this.count),
      h("div.row", { class: hashed("toolbar") }, this.bulk, this.size.element),
    );
  }

  change(query, { isRefresh = false } = {}) {
    Object.assign(this.query, query);
    this.load({ isRefresh });
  }

  /** Load the list; only the answer to the newest question counts. */
  async load({ isRefresh = false } = {}) {
    const mine = ++this.newest;
    this.table.setLoading(true);
    const params = new URLSearchParams({ ...this.query, refresh: isRefresh });
    const answer = await ask("GET", `/api/products?${params}`);
    if (mine !== this.newest) return;
    this.table.setLoading(false);
    if (answer) this.table.render(answer, this.query);
    this.renderToolbar();
  }

  async move(keys, group) {
    const moved = await ask("POST", "/api/move", { keys, group });
    if (moved) toast("success", "그룹을 변경했습니다.");
    await this.load();
    return moved;
  }

  async remove() {
    const keys = [...this.table.selected];
    const isSure = await confirm({
      title: "선택 상품 일괄 삭제",
      content: `${keys.length}개 상품을 삭제합니다.`,
      ok: "삭제",
      cancel: "취소",
      isDanger: true,
    });
    if (!isSure) return;
    for (const key of keys) await ask("DELETE", `/api/products/${key}`);
    this.load();
  }

  renderView() {
    const { grouped } = this.query;
    this.toggle.setChecked(grouped);
    this.label.textContent = grouped ? "그룹상품 보기" : "비그룹상품 보기";
    for (const each of this.radios) each.setDisabled(!grouped);
    if (!this.query.group) this.radios.forEach((each, index) => each.setChecked(index === 0));
  }

  renderToolbar() {
    const { selected, total } = this.table;
    const number = (selected.size || total).toLocaleString("ko-KR");
    this.count.textContent = selected.size ? `선택 ${number}개 상품` : `총 ${number}개 상품`;
    for (const each of this.bulk) each.disabled = selected.size === 0;
  }
}
