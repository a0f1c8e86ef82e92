// The filter panel of 등록 상품 관리. The markets are off until a status is chosen.

import { button, checkbox } from "../antd/controls.js";
import { Select } from "../antd/select.js";
import { css, h, hashed } from "../dom.js";

const STATUSES = ["미업로드", "판매중", "품절"];
const ALL = "전체";
const MARKETS = [
  ["cp", "쿠팡"],
  ["ss", "스마트스토어"],
  ["esm", "옥션/G마켓"],
  ["est", "11번가"],
  ["est_global", "11번가-글로벌"],
  ["lotteon", "롯데온"],
  ["at", "옥션"],
  ["ip", "인터파크"],
  ["wmp", "위메프"],
  ["kakao", "톡스토어"],
];

export class ProductFilter {
  constructor({ groupSelect, onSearch }) {
    this.onSearch = onSearch;
    this.status = undefined;
    this.chosen = new Set();
    this.keyword = h("input.ant-input", { type: "text", placeholder: "상품명 입력", class: css });
    this.keyword.addEventListener("keydown", (event) => event.key === "Enter" && this.search());
    this.boxes = MARKETS.map(([key, text]) => this.box(key, text));
    this.all = checkbox(ALL, { isDisabled: true, onChange: (checked) => this.chooseAll(checked) });
    const line = (title, ...fields) => h("div.row", h("span.Body2Medium14", title), fields);
    this.element = h(
      "div.panel.column",
      { class: hashed("filter") },
      line("상태", this.statusSelect(), h("div.ant-checkbox-group", this.all, this.boxes)),
      line("정렬", new Select({ options: ["최신순", "오래된순"], value: "최신순", onChange: () => {} }).element),
      line("그룹", groupSelect),
      line("상품명", this.keyword, this.searchButton()),
    );
  }

  box(key, text) {
    const onChange = (checked) => (checked ? this.chosen.add(key) : this.chosen.delete(key));
    return Object.assign(checkbox(text, { isDisabled: true, onChange }), { key });
  }

  statusSelect() {
    const onChange = (status) => {
      this.status = status;
      for (const each of [this.all, ...this.boxes]) each.setDisabled(false);
    };
    return new Select({ options: STATUSES, placeholder: "상태 검색", onChange }).element;
  }

  searchButton() {
    const element = button("상품 검색", { kind: "primary", onClick: () => this.search() });
    element.id = "filter_search_button_id";
    return element;
  }

  chooseAll(checked) {
    for (const each of this.boxes) {
      each.setChecked(checked);
      if (checked) this.chosen.add(each.key);
      else this.chosen.delete(each.key);
    }
  }

  search() {
    this.onSearch({ keyword: this.keyword.value, status: this.status ?? "", markets: [...this.chosen].join(",") });
  }
}
