// 옵션: option rows under the option-type name.

import { button, checkbox, radio, textInput } from "../antd/controls.js";
import { h, hashed, icon } from "../dom.js";

const TOOLS = ["A-Z", "1-99", "빈칸 제거", "한자 제거", "원본 옵션명", "옵션명 되돌리기", "옵션명 모두 지우기"];

export function optionTab(drawer) {
  const { options } = drawer.product;
  const isMany = options.length > 0;
  const kinds = h(
    "div.ant-radio-group",
    radio("옵션 상품등록", { isChecked: isMany, group: "option-kind", value: "option" }),
    radio("단일 상품등록", { isChecked: !isMany, group: "option-kind", value: "single" }),
  );
  const refine = button("AI 옵션명 다듬기", { kind: "primary" });
  return isMany ? [kinds, h("div.row", refine), ...optionList(drawer)] : [kinds, h("div.row", refine)];
}

function optionList(drawer) {
  const checks = [];
  const list = h("div.options");
  const checkAll = (checked) => {
    for (const each of checks) each.setChecked(checked);
    label();
  };
  const all = checkbox("", { isChecked: true, onChange: checkAll });
  const text = h("span");
  all.append(text);
  const label = () => {
    const count = checks.filter((each) => each.input.checked).length;
    text.textContent = count ? `선택 ${count}개 옵션명` : `총 ${checks.length}개 옵션명`;
    all.setChecked(count === checks.length, count > 0 && count < checks.length);
  };
  const render = () => {
    checks.length = 0;
    const hooks = { checks, label, render };
    list.replaceChildren(...drawer.product.options.map((name, index) => option(drawer, name, index, hooks)));
    label();
  };
  render();
  return [
    h(
      "div.row",
      h("span", "옵션 타입명"),
      textInput({ value: "색상", max: 10, hasCount: true }),
      button("옵션 타입 삭제", { isDanger: true }),
    ),
    h("div.row", TOOLS.map((tool) => button(tool, { onClick: () => tool === "1-99" && number(drawer, render) }))),
    h(
      "div.row",
      all,
      textInput({ value: "", placeholder: "추가 글자 입력" }),
      ["추가하기", "가격 높은 순", "가격 낮은 순"].map((tool) => button(tool)),
    ),
    list,
  ];
}

function option(drawer, name, index, { checks, label, render }) {
  const check = checkbox("", { isChecked: true, onChange: label });
  checks.push(check);
  const put = (...replacement) => drawer.save({ options: drawer.product.options.toSpliced(index, 1, ...replacement) });
  return h(
    "div.row",
    { class: hashed("option") },
    check,
    h("img", { src: "/static/photo.svg", alt: "", width: "40", height: "40" }),
    ["썸네일로 복사", "삭제", "편집"].map((text) => h("span.FootnoteDescription", { style: "cursor:pointer" }, text)),
    textInput({ value: name, max: 25, hasCount: true, onCommit: put }),
    button("옵션 삭제", { kind: "text", onClick: () => put().then(render) }),
    icon("holder"),
  );
}

async function number(drawer, render) {
  const numbered = drawer.product.options.map((name, index) => `${index + 1}. ${name.replace(/^\d+\. /, "")}`);
  await drawer.save({ options: numbered });
  render();
}
