// One product in the list.

import { button, checkbox } from "../antd/controls.js";
import { Select } from "../antd/select.js";
import { h, hashed, icon } from "../dom.js";

const NO_GROUP = "그룹 없음";

export class ProductRow {
  constructor(product, handlers) {
    this.product = product;
    this.handlers = handlers;
    this.check = checkbox("", { onChange: (checked) => handlers.onSelect(this.product.key, checked) });
    this.group = new Select({
      options: [NO_GROUP, ...handlers.groups],
      value: product.group ?? NO_GROUP,
      isSearchable: true,
      onChange: (text) => handlers.onMove(this.product.key, text === NO_GROUP ? null : text),
    });
    this.name = h("span.Body2Medium14.CharacterPrimary85", {
      class: hashed("name"),
      style: "cursor:pointer",
      onclick: () => handlers.onOpen(this.product),
    });
    this.mark = h("span");
    this.memo = h("div.FootnoteDescription", { class: hashed("memo") });
    this.element = h(
      "tr.ant-table-row.ant-table-row-level-0",
      { "data-row-key": product.key },
      h("td.ant-table-cell.ant-table-selection-column", this.check),
      h("td.ant-table-cell", { colspan: "7" }, h("div.product", { class: hashed("row") }, this.cells()), this.memo),
    );
    this.update(product);
  }

  cells() {
    const { key, collected_on: date, offer_id: offer, prices } = this.product;
    const won = (value) => `${value.toLocaleString("ko-KR")}원`;
    const price = `판매가 ${won(prices[4] * 3)} / 원가 (¥) 58.00 / 해외 배송비 ${won(prices[4])}`;
    return [
      h("img", { src: "/static/photo.svg", alt: "", width: "56", height: "56" }),
      h(
        "div.facts",
        this.name,
        this.mark,
        h("div.FootnoteDescription", price, button("", { kind: "text", iconName: "edit" })),
        h("div.FootnoteDescription", h("span", key), button("", { kind: "text", iconName: "line-chart" })),
      ),
      this.group.element,
      h("span.FootnoteDescription", "[정보없음]", h("br"), date),
      h("a", { href: `#offer-${offer}`, title: "1688" }, icon("link")),
      button("", { kind: "text", iconName: "file-text", onClick: () => this.handlers.onMemo(this.product) }),
    ];
  }

  update(product) {
    this.product = product;
    this.name.textContent = product.name;
    this.memo.textContent = product.is_memo_shown ? product.memo.slice(0, 70) : "";
    this.mark.replaceChildren(...(this.handlers.marksOf?.(product) ?? []));
    this.group.setValue(product.group ?? NO_GROUP);
    return this;
  }

  setSelected(isSelected) {
    this.check.setChecked(isSelected);
    this.element.classList.toggle("ant-table-row-selected", isSelected);
  }

  /** Take the drop-down away too: it lives at the end of the body. */
  destroy() {
    this.group.portal?.remove();
  }
}
