// 신규 상품 등록 and 등록 상품 관리: their filters, the toolbar and the list.

import { button } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { Select } from "../antd/select.js";
import { openDelete } from "../dialogs/delete.js";
import { openUpload } from "../dialogs/upload.js";
import { openMemo } from "../drawer/memo.js";
import { openProduct } from "../drawer/product.js";
import { h, hashed, icon } from "../dom.js";
import { ask } from "../net.js";
import { groupDialog } from "./group_dialog.js";
import { ProductFilter } from "./product_filter.js";
import { ProductTable } from "./product_table.js";
import { openTranslation } from "./translation.js";

const SIZES = { "20개씩 보기": 20, "50개씩 보기": 50 };
const ALL = "전체";
const NO_GROUP = "그룹 없음";
const MARKS = { running: "번역중", done: "번역 완료", failed: "번역 실패" };

export const collectedProducts = (me) => new ProductList(me, { title: "수집 상품 목록", isCollected: true }).element;

export const managedProducts = (me) => new ProductList(me, { title: "등록 상품 목록", isCollected: false }).element;

class ProductList {
  constructor(me, { title, isCollected }) {
    this.me = me;
    this.query = { collected: isCollected, group: "", keyword: "", status: "", markets: "", page: 1, size: 20 };
    this.newest = 0;
    this.dialog = groupDialog(me.groups, (group) => this.move([...this.table.selected], group));
    this.table = new ProductTable({
      groups: me.groups.map(({ name }) => name),
      hasLastingSelection: me.has_lasting_selection,
      marksOf: (product) => this.marksOf(product),
      onSelection: () => this.renderToolbar(),
      onOpen: (product) => openProduct(product.key, this.me, () => this.load()),
      onMemo: (product) => openMemo(product, () => this.load()),
      onMove: (key, group) => this.move([key], group),
      onPage: (page) => this.change({ page }),
    });
    const parts = isCollected ? [this.collectedHead(title)] : [this.filterPanel(), this.managedHead(title)];
    this.element = h("div.page", parts, this.toolbar(), this.table.element);
    this.renderToolbar();
    this.load();
  }

  collectedHead(title) {
    const buttons = [
      button("수집하기", { kind: "primary", iconName: "plus" }),
      button("새로고침", { iconName: "reload", onClick: () => this.load({ isRefresh: true }) }),
    ];
    return h("div.page-head", this.title(title), h("div.row", this.groupSelect(), this.sizeSelect(), buttons));
  }

  managedHead(title) {
    return h("div.page-head", this.title(title), h("div.row", this.sizeSelect()));
  }

  title(text) {
    this.count = h("span.Body3Regular14.CharacterTitle85");
    return h("div.row", { class: hashed("title") }, h("span.H5Bold16.CharacterTitle85", text), this.count);
  }

  filterPanel() {
    this.filter = new ProductFilter({
      groupSelect: this.groupSelect(),
      onSearch: (query) => this.change({ ...query, page: 1 }, { isRefresh: true }),
    });
    return this.filter.element;
  }

  groupSelect() {
    const options = [ALL, NO_GROUP, ...this.me.groups.map(({ name }) => name)];
    const onChange = (group) => this.change({ group: group === ALL ? "" : group, page: 1 });
    return new Select({ options, value: ALL, width: 160, onChange }).element;
  }

  sizeSelect() {
    const onChange = (text) => this.change({ size: SIZES[text], page: 1 });
    const options = Object.keys(SIZES).filter((text) => SIZES[text] <= this.me.most_per_page);
    return new Select({ options, value: "20개씩 보기", width: 130, onChange }).element;
  }

  toolbar() {
    const translate = () => openTranslation([...this.table.selected], () => this.load());
    this.bulk = [
      button("업로드", { kind: "primary", onClick: () => openUpload(this.table.chosen) }),
      button("수정 업로드"),
      button("일괄 편집"),
      button("삭제", { isDanger: true, onClick: () => openDelete(this.table.chosen) }),
      button("일괄 번역", { onClick: translate }),
      button("그룹 지정", { onClick: () => this.dialog.open() }),
    ];
    const more = h("button.ant-btn.ant-btn-default.ant-btn-icon-only", { type: "button" }, icon("ellipsis"));
    return h("div.row", { class: hashed("toolbar") }, this.bulk, more);
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

  marksOf({ translation }) {
    const isShown = this.me.translation_sign === "rows" && translation;
    return isShown ? [h("span.ant-tag", MARKS[translation])] : [];
  }

  renderToolbar() {
    const { selected, total } = this.table;
    const number = (selected.size || total).toLocaleString("ko-KR");
    this.count.textContent = selected.size ? `선택 ${number}개 상품` : `총 ${number}개 상품`;
    for (const each of this.bulk) each.disabled = selected.size === 0;
  }
}
