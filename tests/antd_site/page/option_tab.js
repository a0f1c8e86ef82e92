// The 옵션 tab: each option type's names, and what can be done to all or to one of them.
function OptionTab({ product, edit, commit, refineOptions, onEditImages }) {
  const [kind, setKind] = useState(product.is_option_product ? "options" : "single");
  const [busy, setBusy] = useState(null);
  const half = Math.ceil(product.options.length / 2);
  const types = option.option_types === "two" ? [["색상", 0, half], ["사이즈", half, product.options.length]] : [["색상", 0, product.options.length]];
  const refine = async (from, to) => { setBusy(from); try { await refineOptions(from, to); } catch (error) { notify.error(error.message); } setBusy(null); };
  const content = h("div", null,
    h(Section, { label: "상품 유형" }, h(antd.Radio.Group, { value: kind, onChange: (event) => setKind(event.target.value), options: [
      { value: "single", label: "단일 상품등록" }, { value: "options", label: "옵션 상품등록" }] })),
    types.map(([name, from, to]) => h(OptionType, { key: name, name, from, to, product, edit, commit, onEditImages, busy: busy === from, refine,
      hasTools: kind === "options" || option.single_options === "shown" })));
  return option.ai_options === "spin" ? h(antd.Spin, { spinning: busy !== null }, content) : content;
}

function OptionType({ name: type, from, to, product, edit, commit, busy, refine, hasTools, onEditImages }) {
  const [chosen, setChosen] = useState(true);
  const [added, setAdded] = useState("");
  const original = useRef(product.options);
  const change = (options) => { edit("options", options); commit(); };
  const all = (rename) => () => change((now) => now.map((name, index) => (from <= index && index < to ? rename(name, index - from) : name)));
  const drop = (index) => { edit("option_images", (now) => without(now, index)); change((now) => without(now, index)); };
  const does = {
    "A-Z": all((name, index) => `${String.fromCharCode(65 + (index % 26))}. ${name}`),
    "1-99": all((name, index) => `${index + 1}. ${name}`),
    "빈칸 제거": all((name) => name.replaceAll(" ", "")),
    "원본 옵션명": () => change(original.current),
    "옵션명 되돌리기": () => change(original.current),
    "옵션명 모두 지우기": all(() => ""),
    "AI 옵션명 다듬기": () => refine(from, to),
  };
  const buttons = ["옵션 타입 삭제", "A-Z", "1-99", "빈칸 제거", "한자 제거", "원본 옵션명", "옵션명 되돌리기", "옵션명 모두 지우기", "AI 옵션명 다듬기"];
  const loads = (text) => busy && text === "AI 옵션명 다듬기" && option.ai_options === "button_loads";
  const act = (text, onClick) => h("span", { key: text, className: "FootnoteDescription", onClick }, text);
  const actions = (index) => [
    act("썸네일로 복사", () => { edit("thumbnails", (now) => withThumbnail(now, product.option_images[index])); commit(); }),
    act("삭제", () => { edit("option_images", (now) => now.map((image, at) => (at === index ? "" : image))); commit(); }),
    act("편집", () => onEditImages("option_images", index)),
  ];
  return h("div", null,
    hasTools && h(React.Fragment, null,
      h(Section, { label: "옵션 타입" }, h(antd.Input, { defaultValue: type, suffix: `${type.length}/10`, style: { width: 200 } })),
      h(antd.Flex, { gap: 8, wrap: true }, buttons.map((text) => h(antd.Button, { key: text, size: "small", loading: loads(text), onClick: does[text] }, text))),
      h(antd.Checkbox, { checked: chosen, onChange: () => setChosen(!chosen), style: { margin: "12px 0" } }, `선택 ${chosen ? to - from : 0}개 옵션명`),
      h(antd.Flex, { gap: 8, style: { marginBottom: 12 } }, h(antd.Radio.Group, { defaultValue: "front", options: [{ value: "front", label: "맨 앞" }, { value: "back", label: "맨 뒤" }] }),
        h(antd.Input, { placeholder: "추가 글자 입력", style: { width: 200 }, value: added, onChange: (event) => setAdded(event.target.value) }),
        h(antd.Button, { onClick: all((name) => `${added}${name}`) }, "추가하기"), h(antd.Button, null, "가격 높은 순"), h(antd.Button, null, "가격 낮은 순"))),
    h("div", null, product.options.map((name, index) => from <= index && index < to && h(antd.Flex, { key: index, gap: 8, align: "center", style: { marginBottom: 8 } },
      h(antd.Checkbox, { checked: chosen }), product.option_images[index] && h("img", { src: picture(product.option_images[index]), width: 40, alt: "" }), product.option_images[index] && actions(index),
      h(antd.Input, { value: name, suffix: `${name.length}/25`, style: { width: 260 }, onBlur: commit,
        onChange: (event) => edit("options", product.options.map((old, at) => (at === index ? event.target.value : old))) }),
      h(antd.Button, { size: "small", onClick: () => drop(index) }, "옵션 삭제")))));
}
