// 신규 상품 등록 and 등록 상품 관리: filters, toolbar, and the list.
const MARKET_FILTERS = [["cp", "쿠팡"], ["ss", "스마트스토어"], ["esm", "옥션/G마켓"], ["est", "11번가"], ["est_global", "11번가-글로벌"], ["lotteon", "롯데온"], ["at", "옥션"], ["ip", "인터파크"], ["wmp", "위메프"], ["kakao", "톡스토어"]];
const NOTHING_ASKED = { group: "전체", keyword: "", status: null, markets: [] };
const remembered = {};

function questionOf(place, asked) {
  const parts = [`place=${place}`, `keyword=${encodeURIComponent(asked.keyword.trim())}`, `status=${encodeURIComponent(asked.status || "")}`, `markets=${asked.markets.join(",")}`];
  if (asked.group !== "전체") parts.push(`group=${encodeURIComponent(asked.group === NO_GROUP ? "" : asked.group)}`);
  return parts.join("&");
}

// `typed` is what the filters show, `asked` what the list was asked for.
function useFilters(place) {
  const start = (option.filter_memory === "kept" && remembered[place]) || NOTHING_ASKED;
  const [typed, setTyped] = useState(start);
  const [asked, setAsked] = useState(start);
  useEffect(() => { remembered[place] = asked; }, [asked]);
  const change = (part) => setTyped((now) => ({ ...now, ...part }));
  const apply = (part) => { change(part); setAsked((now) => ({ ...now, ...part })); };
  return { typed, asked, change, apply, setAsked };
}

function MarketChecks({ typed, change }) {
  const all = MARKET_FILTERS.map(([key]) => key);
  return h(antd.Flex, { gap: 8, wrap: true },
    h(antd.Checkbox, { disabled: !typed.status, checked: typed.markets.length === all.length, onChange: (event) => change({ markets: event.target.checked ? all : [] }) }, "전체"),
    h(antd.Checkbox.Group, { disabled: !typed.status, value: typed.markets, onChange: (markets) => change({ markets }), options: MARKET_FILTERS.map(([value, label]) => ({ value, label })) }));
}

function FilterPanel({ filters, onSearch }) {
  const { typed, asked, change, apply } = filters;
  const timer = useRef(null);
  const type = (keyword) => {
    change({ keyword });
    clearTimeout(timer.current);
    if (option.keyword_search === "live") timer.current = setTimeout(() => apply({ keyword }), 400);
  };
  return h("div", { className: "section" },
    h(antd.Flex, { gap: 12, align: "center" }, h("span", null, "상태"),
      h(antd.Select, { placeholder: "상태 검색", style: { width: 160 }, value: typed.status, allowClear: true, onChange: (status) => change({ status: status || null, markets: [] }),
        options: ["미업로드", "판매중", "품절", "판매중지"].map((value) => ({ value, label: value })) }),
      h(MarketChecks, { typed, change })),
    h(antd.Flex, { gap: 12, align: "center", style: { marginTop: 12 } },
      h(antd.Select, { defaultValue: "name", style: { width: 140 }, options: [{ value: "name", label: "상품명" }, { value: "code", label: "상품코드" }] }),
      h(antd.Input, { placeholder: "상품명 입력", style: { width: 300 }, allowClear: true, value: typed.keyword, onChange: (event) => type(event.target.value), onPressEnter: onSearch }),
      h(antd.Button, { id: "filter_search_button_id", type: "primary", icon: decoration("SearchOutlined"), onClick: onSearch }, "상품 검색")));
}

const TOOLS = [["업로드", "UploadOutlined"], ["수정 업로드", "CloudSyncOutlined"], ["일괄 편집", "EditOutlined"], ["삭제", "DeleteOutlined"], ["일괄 번역", "TranslationOutlined"], ["그룹 지정", "GroupOutlined"]];

function Toolbar({ disabled, onTool }) {
  return h(antd.Flex, { gap: 8 },
    TOOLS.map(([text, name]) => h(antd.Button, { key: text, disabled, danger: text === "삭제", icon: decoration(name), onClick: () => onTool(text) }, text)),
    h(antd.Dropdown, { menu: { items: [{ key: "excel", label: "엑셀 다운로드" }] } }, h(antd.Button, null, "…")));
}

function ManagedProducts({ place }) {
  const filters = useFilters(place);
  const list = useList(questionOf(place, filters.asked));
  const [tool, setTool] = useState(null);
  const groupNow = place === "manage" && option.group_filter === "on_search" ? filters.change : filters.apply;
  const search = () => { filters.setAsked(filters.typed); list.ask(); };
  const leave = () => { setTool(null); };
  const dialog = { ids: list.selected, onClose: leave, onChanged: list.changed };

  return h("div", { style: { padding: 24 } },
    h(antd.Flex, { justify: "space-between" }, h("div", { className: "H5Bold16" }, place === "register" ? "수집 상품 목록" : "등록 상품 목록"),
      place === "register" && h(antd.Flex, { gap: 8 }, h(antd.Button, { icon: decoration("PlusOutlined") }, "수집하기"), h(antd.Button, { icon: decoration("ReloadOutlined"), onClick: list.load }, "새로고침"))),
    place === "manage" && h(FilterPanel, { filters, onSearch: search }),
    h(antd.Flex, { gap: 12, align: "center", wrap: true, style: { margin: "12px 0" } },
      h("span", { className: "Body3Regular14" }, countText(list.data ? list.data.total : 0, list.selected.length)),
      h(antd.Select, { value: filters.typed.group, style: { width: 160 }, showSearch: option.header_select === "search", onChange: (group) => { groupNow({ group }); list.setPage(1); },
        options: ["전체", NO_GROUP, ...list.groups].map((name) => ({ value: name, label: name })) }),
      h(PageSize, { list }),
      h(Toolbar, { disabled: !list.selected.length, onTool: setTool })),
    h(ProductTable, { list }),
    h(GroupingModal, { open: tool === "그룹 지정", groups: list.groups, onClose: leave, onMove: (target) => { leave(); list.move(list.selected, target); } }),
    h(TranslateModal, { open: tool === "일괄 번역", ...dialog }),
    h(UploadModal, { open: tool === "업로드", ...dialog }),
    h(DeleteModal, { open: tool === "삭제", ...dialog }));
}
