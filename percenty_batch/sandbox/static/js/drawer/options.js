// 옵션: option rows under the option-type name.

import { button, checkbox, radio, textInput } from "../antd/controls.js";
import { h, hashed, icon, later } from "../dom.js";
import { ask } from "../net.js";
import { openEditor } from "./editor.js";

const REFINING_MS = 300; // the least time that the machine takes
const bare = (name) => name.replace(/^(\d+|[A-Z])\. /, "");
const TOOLS = {
  "A-Z": (names) => names.map((name, index) => `${String.fromCodePoint(65 + (index % 26))}. ${bare(name)}`),
  "1-99": (names) => names.map((name, index) => `${index + 1}. ${bare(name)}`),
  "빈칸 제거": (names) => names.map((name) => name.replaceAll(" ", "")),
  "한자 제거": (names) => names.map((name) => name.replace(/\p{Script=Han}/gu, "")),
  "원본 옵션명": undefined,
  "옵션명 되돌리기": (_names, original) => original,
  "옵션명 모두 지우기": (names) => names.map(() => ""),
};

export function optionTab(drawer) {
  const { options } = drawer.product;
  const isMany = options.length > 0;
  const kinds = h(
    "div.ant-radio-group",
    radio("옵션 상품등록", { isChecked: isMany, group: "option-kind", value: "option" }),
    radio("단일 상품등록", { isChecked: !isMany, group: "option-kind", value: "single" }),
  );
  const refine = button("AI 옵션명 다듬기", { kind: "primary", onClick: () => refineNames(drawer, refine) });
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
    const hooks = { checks, label };
    list.replaceChildren(...drawer.product.options.map((name, index) => option(drawer, name, index, hooks)));
    label();
  };
  drawer.watch(render);
  render();
  const use = (tool) => tool && drawer.save({ options: tool(drawer.product.options, drawer.original.options) });
  return [
    h(
      "div.row",
      h("span", "옵션 타입명"),
      textInput({ value: "색상", max: 10, hasCount: true }),
      button("옵션 타입 삭제", { isDanger: true }),
    ),
    h("div.row", Object.entries(TOOLS).map(([text, tool]) => button(text, { onClick: () => use(tool) }))),
    h(
      "div.row",
      all,
      textInput({ value: "", placeholder: "추가 글자 입력" }),
      ["추가하기", "가격 높은 순", "가격 낮은 순"].map((tool) => button(tool)),
    ),
    list,
  ];
}

function option(drawer, name, index, { checks, label }) {
  const check = checkbox("", { isChecked: true, onChange: label });
  checks.push(check);
  const { option_images: images, options } = drawer.product;
  const rename = (text) => drawer.save({ options: options.with(index, text) });
  const remove = () => drawer.save({ options: options.toSpliced(index, 1), option_images: images.toSpliced(index, 1) });
  const actions = {
    "썸네일로 복사": () => drawer.save({ thumbnails: [...drawer.product.thumbnails, images[index]] }),
    삭제: undefined,
    편집: () => edit(drawer, index),
  };
  return h(
    "div.row",
    { class: hashed("option") },
    check,
    h("img", { src: images[index], alt: "", width: "40", height: "40" }),
    Object.entries(actions).map(([text, onClick]) =>
      h("span.FootnoteDescription", { style: "cursor:pointer", onclick: onClick }, text),
    ),
    textInput({ value: name, max: 25, hasCount: true, onCommit: rename }),
    button("옵션 삭제", { kind: "text", onClick: remove }),
    icon("holder"),
  );
}

function edit(drawer, index) {
  const onSave = async (images) => {
    const fresh = await ask("POST", `${drawer.path}/edited-images`, { area: "options", images });
    if (fresh) drawer.take(fresh);
    return Boolean(fresh);
  };
  openEditor({ path: drawer.path, images: drawer.product.option_images, index, onSave });
}

async function refineNames(drawer, refine) {
  refine.classList.add("ant-btn-loading");
  await later(REFINING_MS);
  const fresh = await ask("POST", `${drawer.path}/refine`);
  if (fresh) drawer.take(fresh);
  refine.classList.remove("ant-btn-loading");
}
