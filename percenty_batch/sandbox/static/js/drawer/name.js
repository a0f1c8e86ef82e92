// 상품명 / 카테고리: the name among many unlabelled inputs, and its warnings.

import { button, textInput } from "../antd/controls.js";
import { h, hashed } from "../dom.js";

const MARKETS = ["쿠팡", "스마트스토어", "옥션/G마켓", "11번가", "11번가-글로벌", "롯데온", "톡스토어", "위메프"];
const MAX = 50;

export function nameTab(drawer) {
  const warnings = h("div.warnings");
  const render = (name) => {
    const found = warningsOf(name, drawer.me.flagged_words);
    warnings.replaceChildren(...found.map((each) => warning(each, rename)));
  };
  const commit = (name) => {
    drawer.save({ name });
    render(name);
  };
  const rename = (name) => {
    input.setValue(name);
    commit(name);
  };
  const input = textInput({ value: drawer.product.name, max: MAX, hasCount: true, onInput: render, onCommit: commit });
  render(drawer.product.name);
  return [
    labelled("AI 상품명 참고 단어", textInput({ value: "" })),
    labelled("국내 마켓 노출 상품명", input, warnings),
    labelled("원본 상품명", textInput({ value: "女士外套 2026新款" })),
    h("div.row", h("span.H5Bold16", "카테고리"), button("카테고리 추천 받기", { kind: "primary" })),
    ...MARKETS.map((market) => labelled(market, textInput({ value: "패션의류 > 여성의류 > 집업/점퍼" }))),
  ];
}

const labelled = (text, ...fields) =>
  h("div.field", { class: hashed("field") }, h("span.Body2Medium14.CharacterTitle85", text), h("div", fields));

const warning = ({ kind, words, cleaned }, rename) =>
  h(
    "div.row.FootnoteDescription",
    h("span", `${kind} 단어 포함: ${words.join(", ")}`),
    button("삭제하기", { kind: "link", onClick: () => rename(cleaned) }),
  );

function warningsOf(name, flagged) {
  const words = name.split(" ").filter(Boolean);
  const warned = words.filter((word) => flagged.includes(word));
  const repeated = words.filter((word, index) => words.indexOf(word) !== index);
  const kept = (isKept) => words.filter(isKept).join(" ");
  return [
    { kind: "경고", words: warned, cleaned: kept((word) => !flagged.includes(word)) },
    { kind: "중복", words: repeated, cleaned: kept((word, index) => words.indexOf(word) === index) },
  ].filter((each) => each.words.length);
}
