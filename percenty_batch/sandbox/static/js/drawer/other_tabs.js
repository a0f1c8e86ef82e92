// 가격, 키워드, 업로드.

import { button, spinbutton, textInput } from "../antd/controls.js";
import { css, h, hashed, icon } from "../dom.js";

const PRICES = [
  "기준 환율 (원)",
  "카드 수수료 (%)",
  "퍼센트 마진 (%)",
  "더하기 마진 (원)",
  "해외 배송비 (원)",
  "마켓 표기 할인율 (%)",
];

export function priceTab(drawer) {
  const fields = PRICES.map((text, index) => {
    const onCommit = (value) => drawer.save({ prices: drawer.product.prices.with(index, value) });
    const input = spinbutton({ value: drawer.product.prices[index], onCommit });
    return h("div.field", { class: hashed("price") }, h("span.Body2Medium14", text), input);
  });
  return [h("div.row", button("배송비용 계산기")), ...fields];
}

export function keywordTab(drawer) {
  const tags = h("div.row");
  const tag = (word) => h("span.ant-tag", { class: css }, word);
  const render = () => tags.replaceChildren(...drawer.product.keywords.map(tag));
  const input = textInput({ value: "", placeholder: "키워드 입력" });
  const add = async () => {
    if (input.value && (await drawer.save({ keywords: [...drawer.product.keywords, input.value] }))) input.setValue("");
    render();
  };
  render();
  return [h("div.row", input, button("키워드 추가 enter", { kind: "primary", onClick: add })), tags];
}

export function uploadTab(drawer) {
  return [h("div.row", button("쿠팡 개별 업로드", { kind: "primary" }), button("스마트스토어 개별 업로드")), disclosure(drawer)];
}

/** 상품정보제공고시: collapsed, its fields mounted at the first opening. */
function disclosure(drawer) {
  const box = h("div.ant-collapse-content", { style: "display:none" });
  const header = h(
    "div.ant-collapse-header",
    { role: "button", "aria-expanded": "false", "aria-disabled": "false", tabindex: "0" },
    h("div.ant-collapse-expand-icon", icon("right", "ant-collapse-arrow")),
    h("span.ant-collapse-header-text", "상품정보제공고시"),
  );
  header.addEventListener("click", () => {
    const isOpen = header.getAttribute("aria-expanded") !== "true";
    header.setAttribute("aria-expanded", String(isOpen));
    box.style.display = isOpen ? "" : "none";
    if (!box.hasChildNodes()) box.append(h("div.ant-collapse-content-box", fields(drawer)));
  });
  return h("div.ant-collapse.ant-collapse-icon-position-start", { class: css }, h("div.ant-collapse-item", header, box));
}

function fields(drawer) {
  return Object.entries(drawer.product.disclosure).map(([label, text], index) => {
    const id = `disclosure_${index}`;
    const put = (value) => drawer.save({ disclosure: { [label]: value } });
    return h(
      "div.ant-form-item",
      { class: css },
      h("div.ant-form-item-label", h("label", { for: id, title: label }, label)),
      h("div.ant-form-item-control", textInput({ value: text, id, placeholder: "상세페이지 참조", onCommit: put })),
    );
  });
}
