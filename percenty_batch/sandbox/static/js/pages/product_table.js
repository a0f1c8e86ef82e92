// The list: two tables (sticky header and body), rows kept by their key between renderings.

import { checkbox, spin } from "../antd/controls.js";
import { pagination } from "../antd/pagination.js";
import { css, h } from "../dom.js";
import { ProductRow } from "./product_row.js";

const COLUMNS = ["데이터", "그룹", "업로드일 (수집일)", "수집 링크", "메모"];
const WIDTHS = ["48px", "auto", "164px", "156px", "84px", "64px", "0", "0"];

export class ProductTable {
  constructor(handlers) {
    this.handlers = handlers;
    this.rows = new Map();
    this.selected = new Set();
    this.total = 0;
    this.spin = spin();
    this.tbody = h("tbody.ant-table-tbody", measureRow(), placeholder());
    this.pages = h("div.pages");
    const body = h("div.ant-table-body", h("table", { style: "table-layout:fixed" }, columns(), this.tbody));
    const container = h("div.ant-table-container", this.head(), body);
    this.box = h("div.ant-spin-container", h("div.ant-table.ant-table-fixed-header", { class: css }, container), this.pages);
    this.nest = h("div.ant-spin-nested-loading", { class: css }, this.box);
    this.element = h("div.ant-table-wrapper", { class: css }, this.nest);
  }

  head() {
    this.all = checkbox("", { label: "Select all", onChange: (checked) => this.selectAll(checked) });
    const titles = COLUMNS.map((title) => h("th.ant-table-cell", { scope: "col" }, title));
    const selection = h("div.ant-table-selection", this.all);
    const first = h("th.ant-table-cell.ant-table-selection-column", { scope: "col" }, selection);
    return h(
      "div.ant-table-header.ant-table-sticky-holder",
      h("table", { style: "table-layout:fixed" }, columns(), h("thead.ant-table-thead", h("tr", first, titles))),
    );
  }

  setLoading(isLoading) {
    this.box.classList.toggle("ant-spin-blur", isLoading);
    if (isLoading) this.nest.prepend(h("div", this.spin));
    else this.spin.parentElement?.remove();
  }

  render({ total, rows }, { page, size }) {
    this.total = total;
    const kept = new Map(rows.map((product) => [product.key, this.rowOf(product)]));
    for (const [key, row] of this.rows) if (!kept.has(key)) row.destroy();
    this.rows = kept;
    if (!this.handlers.hasLastingSelection) this.selected = new Set([...this.selected].filter((key) => kept.has(key)));
    const elements = rows.length ? [...kept.values()].map((row) => row.element) : [placeholder()];
    this.tbody.replaceChildren(measureRow(), ...elements);
    this.pages.replaceChildren(...(total ? [pagination({ total, page, size, onPage: this.handlers.onPage })] : []));
    this.renderSelection();
  }

  rowOf(product) {
    const known = this.rows.get(product.key);
    if (known) return known.update(product);
    return new ProductRow(product, { ...this.handlers, onSelect: (key, checked) => this.select([key], checked) });
  }

  get chosen() {
    return [...this.selected].map((key) => this.rows.get(key)?.product ?? { key, memo: "" });
  }

  selectAll(checked) {
    this.select([...this.rows.keys()], checked);
  }

  select(keys, checked) {
    for (const key of keys) checked ? this.selected.add(key) : this.selected.delete(key);
    this.renderSelection();
    this.handlers.onSelection();
  }

  renderSelection() {
    for (const [key, row] of this.rows) row.setSelected(this.selected.has(key));
    const isAll = this.rows.size > 0 && this.selected.size === this.rows.size;
    this.all.setChecked(isAll, this.selected.size > 0 && !isAll);
  }
}

const columns = () => h("colgroup", WIDTHS.map((width) => h("col", { style: `width:${width}` })));

function measureRow() {
  const cells = WIDTHS.map(() => h("td", { style: "padding:0;border:0;height:0" }));
  return h("tr.ant-table-measure-row", { "aria-hidden": "true", style: "height:0;font-size:0" }, cells);
}

function placeholder() {
  const text = h("div.ant-empty-description", "등록된 상품이 없습니다.");
  return h("tr.ant-table-placeholder", h("td.ant-table-cell", { colspan: "8" }, text));
}
