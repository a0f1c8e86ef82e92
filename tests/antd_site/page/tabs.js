// The seven tabs of the product drawer. Each receives { product, edit, commit }.
const WARNED = ["심플", "최고", "KC"];
const PRICES = ["기준 환율 (원)", "카드 수수료 (%)", "퍼센트 마진 (%)", "더하기 마진 (원)", "해외 배송비 (원)", "마켓 표기 할인율 (%)"];

function Section({ label, children }) {
  return h("div", { className: "section" }, h("div", { className: "CharacterTitle85" }, label), children);
}

function repeatedWords(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [...new Set(words.filter((word, index) => words.indexOf(word) !== index))];
}

function Warning({ text, onRemove }) {
  return h(antd.Flex, { align: "center", gap: 4, className: "Body3Regular14" }, h("div", null, text),
    h(antd.Button, { type: "link", size: "small", onClick: onRemove }, "삭제하기"));
}

function NameTab({ product, edit, commit }) {
  const { name } = product;
  const warned = WARNED.filter((word) => name.includes(word));
  const repeated = repeatedWords(name);
  const rename = async (changed) => { await pause(0.15); edit("name", changed.replace(/\s+/g, " ").trim()); commit(); };
  const unrepeated = () => name.split(/\s+/).filter((word, index, all) => all.indexOf(word) === index).join(" ");
  return h("div", null,
    h(Section, { label: "국내 마켓 노출 상품명" },
      h(antd.Flex, { gap: 8 },
        h(antd.Input, { value: name, suffix: `${name.length}/50`, maxLength: 50, onChange: (event) => edit("name", event.target.value), onBlur: commit }),
        h(antd.Button, { type: "primary", ghost: true }, "카테고리 추천 받기"))),
    warned.length > 0 && h(Warning, { text: `경고 단어 포함: ${warned.join(", ")}`, onRemove: () => rename(WARNED.reduce((left, word) => left.replaceAll(word, ""), name)) }),
    repeated.length > 0 && h(Warning, { text: `중복 단어 포함: ${repeated.join(", ")}`, onRemove: () => rename(unrepeated()) }),
    h(Section, { label: "해외 마켓 노출 상품명" }, h(antd.Input, { defaultValue: "women dress", suffix: "11/100" })),
    ["쿠팡", "스마트스토어", "11번가", "옥션/G마켓", "롯데온", "톡스토어"].map((market) =>
      h(Section, { key: market, label: `${market} 카테고리` }, h(antd.Select, { showSearch: true, style: { width: 400 }, defaultValue: "패션의류 > 여성의류 > 원피스", options: [] }))),
    ["브랜드", "제조사", "원산지"].map((label) => h(Section, { key: label, label }, h(antd.Input, { defaultValue: "상세페이지 참조" }))));
}

// A form may stand there with defaults; its values then take the place of what was typed meanwhile.
function useValues(field, defaults, { product, edit }) {
  useEffect(() => {
    if (option.form_values === "at_once") return;
    edit(field, defaults);
    call("GET", "/groups") // any call: a form may need more than its values
      .then(() => call("GET", `/products/${product.id}`))
      .then((fresh) => edit(field, fresh[field]));
  }, []);
}

function PriceTab({ product, edit, commit }) {
  useValues("prices", PRICES.map(() => 0), { product, edit });
  return h("div", null, h(antd.Button, null, "배송비용 계산기"),
    PRICES.map((label, index) => h(Section, { key: label, label },
      h(antd.InputNumber, { value: product.prices[index], style: { width: 200 }, onBlur: commit,
        onChange: (value) => edit("prices", product.prices.map((old, at) => (at === index ? value : old))) }))));
}

function KeywordTab({ product }) {
  return h("div", null,
    h(antd.Flex, { gap: 8 }, h(antd.Input, { placeholder: "키워드 입력", style: { width: 300 } }), h(antd.Button, null, h("span", null, "키워드 추가 "), h("span", null, "enter"))),
    product.keywords.map((word) => h(antd.Tag, { key: word }, word)));
}

function DetailTab({ product, edit, commit, onBulkEdit }) {
  return h("div", null,
    h(antd.Flex, { gap: 8, style: { marginBottom: 12 } }, h(antd.Button, { onClick: onBulkEdit }, "일괄 편집"), h(antd.Button, null, "미리보기")),
    h(DetailEditor, { html: product.detail_html, onChange: (html) => edit("detail_html", html), onBlur: commit }));
}

function Disclosure({ product, edit, commit }) {
  useValues("disclosure", Object.fromEntries(Object.keys(product.disclosure).map((label) => [label, ""])), { product, edit });
  const set = (label) => (event) => edit("disclosure", { ...product.disclosure, [label]: event.target.value });
  const input = (label) => h(antd.Input, { value: product.disclosure[label], placeholder: "상세페이지 참조", onChange: set(label), onBlur: commit });
  const labels = Object.keys(product.disclosure);
  if (option.disclosure_labels === "form") {
    return h(antd.Form, { layout: "vertical" }, labels.map((label) => h(antd.Form.Item, { key: label, label, htmlFor: `disclosure-${label}` },
      h(antd.Input, { ...input(label).props, id: `disclosure-${label}` }))));
  }
  return labels.map((label) => h("div", { key: label, className: "section" }, h("span", { className: "CharacterTitle85" }, label), input(label)));
}

function UploadTab(parts) {
  return h("div", null,
    h(antd.Flex, { gap: 8, style: { marginBottom: 12 } }, h(antd.Button, null, "쿠팡 개별 업로드"), h(antd.Button, null, "스마트스토어 개별 업로드")),
    h(antd.Collapse, { items: [
      { key: "delivery", label: "배송 정보", children: h(antd.Input, { placeholder: "상세페이지 참조" }) },
      { key: "disclosure", label: "상품정보제공고시", children: h(Disclosure, parts) },
      { key: "certificate", label: "인증 정보", children: h(antd.Input, { placeholder: "미설정" }) },
    ] }));
}

const TABS = [["상품명 / 카테고리", NameTab], ["옵션", OptionTab], ["가격", PriceTab], ["키워드", KeywordTab], ["썸네일", ThumbnailTab], ["상세페이지", DetailTab], ["업로드", UploadTab]];
