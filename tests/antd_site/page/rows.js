// What the three lists share: count, rows, group select per row, the two-table list itself.
const NO_GROUP = "그룹 없음";
const ROW_COLUMNS = 7;

function countText(count, selected) {
  const number = (selected || count).toLocaleString("ko-KR");
  const word = selected ? "선택" : "총";
  if (option.count_text === "split") return [`${word} `, h("b", { key: "n" }, number), "개 상품"];
  return option.count_text === "spaced" ? `${word} ${number} 개 상품` : `${word} ${number}개 상품`;
}

function GroupSelect({ product, groups, onMove }) {
  const [value, setValue] = useState(product.group || NO_GROUP);
  useEffect(() => setValue(product.group || NO_GROUP), [product]);
  const choose = (chosen) => { setValue(chosen); onMove([product.id], chosen === NO_GROUP ? null : chosen); };
  return h(antd.Select, {
    value, onChange: choose, style: { width: 140 }, size: "small",
    showSearch: option.row_select === "search",
    options: [NO_GROUP, ...groups].map((name) => ({ value: name, label: name })),
  });
}

function RowBody({ product, groups, onOpen, onMemo, onMove }) {
  return h(antd.Flex, { gap: 16, align: "center", wrap: true },
    h("img", { src: "/page/picture.svg", width: 56, height: 56, alt: "" }),
    h(antd.Flex, { vertical: true, style: { width: 320 } },
      h("span", { className: "H5Bold16 CharacterPrimary85", onClick: () => onOpen(product.id) }, product.name),
      h("span", { className: "Body3Regular14" }, `판매가 ${(product.prices[4] * 3).toLocaleString()}원 / 원가 ¥35 / 해외 배송비 9,900원`,
        h(antd.Button, { type: "text", size: "small", icon: icon("EditOutlined") })),
      h("span", { className: "FootnoteDescription" }, product.id)),
    h(antd.Button, { type: "text", size: "small", icon: icon("LineChartOutlined") }),
    h(GroupSelect, { product, groups, onMove }),
    h("span", null, "[정보없음]"),
    h("span", null, "2025-06-25"),
    h("a", { href: "#1688", title: "1688" }, h("img", { src: "/page/picture.svg", width: 16, alt: "1688" })),
    h(antd.Button, { type: "text", size: "small", icon: icon("FileTextOutlined"), onClick: () => onMemo(product.id) }),
    product.memo_exposed && h("div", { style: { width: "100%" }, className: "Body3Regular14" }, product.memo.slice(0, 70)));
}

function columns(groups, handlers) {
  const rest = { onCell: () => ({ colSpan: 0 }) };
  return [
    { title: "데이터", key: "data", colSpan: ROW_COLUMNS - 4, onCell: () => ({ colSpan: ROW_COLUMNS }), render: (_, product) => h(RowBody, { product, groups, ...handlers }) },
    { key: "data2", colSpan: 0, ...rest }, { key: "data3", colSpan: 0, ...rest },
    ...["그룹", "업로드일 (수집일)", "수집 링크", "메모"].map((title) => ({ title, key: title, ...rest })),
  ];
}

// Page, selection and rows of one list. `question` is its query string; `ask` asks it again.
function useList(question) {
  const [page, setPage] = useState(1);
  const [size, setSize] = useState(20);
  const [data, setData] = useState(null);
  const [loading, setLoading] = useState(true);
  const [selected, setSelected] = useState([]);
  const [groups, setGroups] = useState([]);
  const latest = useRef(0);

  const load = useCallback(async () => {
    const number = ++latest.current;
    setLoading(true);
    if (option.old_rows === "blanked") setData(null);
    const answer = await call("GET", `/products?${question}&page=${page}&size=${size}`);
    if (number !== latest.current) return; // an older question's answer
    setData(answer);
    if (option.selection_after === "cleared") setSelected([]);
    setLoading(false);
  }, [question, page, size]);
  useEffect(() => { load(); }, [load]);
  useEffect(() => { setSelected([]); setPage(1); }, [question]);
  useEffect(() => { call("GET", "/groups").then(setGroups); }, []);

  const move = async (ids, target) => {
    try {
      await call("POST", "/group", { ids, group: target });
      notify.success("그룹이 변경되었습니다.");
    } catch (error) {
      notify.error(error.message);
      return load();
    }
    await changed();
  };
  // Something else changed the products; a page that does not refresh itself waits to be asked.
  const changed = async () => {
    if (option.list_refresh === "late") await pause(3);
    if (option.list_refresh !== "switch") await load();
  };
  const ask = () => { if (page === 1) load(); else setPage(1); };
  return { data, loading, selected, setSelected, groups, page, setPage, size, setSize, load, ask, move, changed };
}

function PageSize({ list }) {
  return option.page_size === "present" && h(antd.Select, {
    value: list.size, onChange: (value) => { list.setSize(value); list.setPage(1); },
    options: [20, 50].map((value) => ({ value, label: `${value}개씩 보기` })),
  });
}

// The table with its memo dialog and its product drawer.
function ProductTable({ list }) {
  const [opened, setOpened] = useState(null);
  const [memoOf, setMemoOf] = useState(null);
  const handlers = { onOpen: setOpened, onMemo: setMemoOf, onMove: list.move };
  const total = list.data ? list.data.total : 0;
  return h(React.Fragment, null,
    h(antd.Table, {
      rowKey: "id", sticky: true, loading: list.loading, columns: columns(list.groups, handlers), scroll: { x: 900 },
      dataSource: list.data ? list.data.items : [],
      locale: { emptyText: h(antd.Empty, { description: "등록된 상품이 없습니다." }) },
      rowSelection: { selectedRowKeys: list.selected, onChange: list.setSelected },
      pagination: {
        current: list.page, pageSize: list.size, total, pageSizeOptions: [20, 50], locale: { items_per_page: "개씩 보기" },
        onChange: (page, size) => { list.setPage(size === list.size ? page : 1); list.setSize(size); },
        showSizeChanger: option.page_size === "in_pagination",
      },
    }),
    memoOf && h(RowMemo, { id: memoOf, onClose: () => { setMemoOf(null); list.load(); } }),
    h(ProductDrawer, { id: opened, onClose: () => { setOpened(null); list.load(); } }));
}

function RowMemo({ id, onClose }) {
  const [product, setProduct] = useState(null);
  useEffect(() => { call("GET", `/products/${id}`).then(setProduct); }, [id]);
  if (!product) return null;
  return h(MemoModal, { open: true, product, onClose, onSave: async (memo, exposed) => {
    await call("PATCH", `/products/${id}`, { memo, memo_exposed: exposed });
    onClose();
  } });
}

function GroupingModal({ open, groups, onClose, onMove }) {
  const [grouping, setGrouping] = useState(true);
  const [group, setGroup] = useState(null);
  return h(antd.Modal, {
    open, title: "상품 그룹핑/제외하기", onCancel: onClose, width: 720, destroyOnClose: destroyed,
    footer: [
      h(antd.Button, { key: "close", onClick: onClose }, "닫기"),
      h(antd.Button, { key: "ok", type: "primary", disabled: grouping && !group, onClick: () => onMove(grouping ? group : null) }, "확인"),
    ],
  },
  h(antd.Flex, { gap: 8, style: { marginBottom: 12 } }, h(antd.Switch, { checked: grouping, onChange: setGrouping, "aria-label": "그룹핑하기" }), "그룹핑하기"),
  h(antd.Radio.Group, { className: "groups", value: group, disabled: !grouping, onChange: (event) => setGroup(event.target.value) },
    groups.map((name) => h(antd.Radio, { key: name, value: name }, name))));
}
