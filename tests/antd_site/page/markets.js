// 마켓 설정: nine tabs with the markets' keys.
const CARRIERS = ["CJ대한통운", "롯데(현대)택배", "한진택배", "우체국택배", "로젠택배"];

function MarketBadge({ market }) {
  const text = market.is_verified ? "검증 완료" : "검증 필요";
  if (option.market_badges === "badge_in_tab") return h(antd.Badge, { status: market.is_verified ? "success" : "error", text });
  return h(antd.Tag, { color: market.is_verified ? "green" : "red" }, text);
}

function ProfileDrawer({ market, open, onClose, onMade }) {
  const [carrier, setCarrier] = useState(undefined);
  const [busy, setBusy] = useState(false);
  useEffect(() => { setCarrier(undefined); }, [open]);
  const make = async () => {
    setBusy(true);
    try { onMade(await call("POST", `/markets/${market.key}/profile`, { carrier })); notify.success("배송 프로필이 추가되었습니다."); onClose(); } catch (error) { notify.error(error.message); }
    setBusy(false);
  };
  return h(antd.Drawer, { open, onClose, width: 480, title: "11번가 배송 프로필 추가", destroyOnClose: destroyed },
    h(Section, { label: "프로필 이름" }, h(antd.Input, { defaultValue: "기본 프로필" })),
    h(Section, { label: "출고지" }, h(antd.Select, { style: { width: "100%" }, defaultValue: "a", options: [{ value: "a", label: "기본 출고지" }] })),
    h(Section, { label: "출고 택배사" }, h(antd.Select, { style: { width: "100%" }, value: carrier, onChange: setCarrier, placeholder: "택배사 선택", options: CARRIERS.map((value) => ({ value, label: value })) })),
    h(antd.Button, { type: "primary", disabled: !carrier, loading: busy, onClick: make }, "배송프로필 만들기"));
}

function MarketInputs({ market, values, onChange }) {
  const input = (label) => h(antd.Input, { value: values[label], placeholder: "미설정", disabled: option.market_input === "locked" && market.is_verified,
    onChange: (event) => onChange({ ...values, [label]: event.target.value }) });
  const labels = Object.keys(values);
  if (option.market_labels === "form") {
    return h(antd.Form, { layout: "vertical" }, labels.map((label, index) => h(antd.Form.Item, { key: label, label, htmlFor: `${market.key}-${index}` }, h(antd.Input, { ...input(label).props, id: `${market.key}-${index}` }))));
  }
  return labels.map((label) => h("div", { key: label, className: "section" }, option.market_labels === "plain" && h("span", { className: "CharacterTitle85" }, label), input(label)));
}

function MarketPane({ market, onChange }) {
  const [values, setValues] = useState(market.values);
  const [busy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [isAdding, setAdding] = useState(false);
  useEffect(() => setValues(market.values), [market]);
  const verify = async () => {
    setBusy(true);
    try { onChange(await call("POST", `/markets/${market.key}/verify`, values)); notify.success("API 검증이 완료되었습니다."); } catch (error) { notify.error(error.message); }
    setBusy(false);
  };
  const disconnect = async () => { onChange(await call("POST", `/markets/${market.key}/disconnect`)); setAsking(false); notify.success("API 연결이 해제되었습니다."); };
  const ask = () => {
    if (option.market_question === "modal") return setAsking(true);
    antd.Modal.confirm({ title: "API 연결 끊기", content: "연결을 끊으면 등록된 정보가 삭제됩니다.", okText: "API 연결 끊기", okButtonProps: { danger: true }, cancelText: "취소", onOk: disconnect });
  };
  const isIdle = !Object.values(market.values).some(Boolean);
  return h("div", null,
    option.market_badges === "in_pane" && h("div", { className: "section" }, h("span", { className: "H5Bold16" }, market.name), " ", h(MarketBadge, { market })),
    h(MarketInputs, { market, values, onChange: setValues }),
    h(antd.Flex, { gap: 8, style: { marginTop: 12 } },
      !(isIdle && option.market_idle === "absent") && h(antd.Button, { danger: true, disabled: isIdle && option.market_idle === "disabled", onClick: ask }, "API 연결 끊기"),
      h(antd.Button, { type: "primary", loading: busy, onClick: verify }, "API 검증"),
      market.key === "est" && h(antd.Button, { icon: decoration("PlusOutlined"), onClick: () => setAdding(true) }, "배송 프로필 추가")),
    market.profiles.map((name, index) => h(antd.Tag, { key: index }, name)),
    h(ProfileDrawer, { market, open: isAdding, onClose: () => setAdding(false), onMade: onChange }),
    h(antd.Modal, { open: isAsking, title: "API 연결 끊기", onCancel: () => setAsking(false), destroyOnClose: destroyed, footer: [
      h(antd.Button, { key: "cancel", onClick: () => setAsking(false) }, "취소"),
      h(antd.Button, { key: "ok", type: "primary", danger: true, onClick: disconnect }, "API 연결 끊기")] }, "연결을 끊으면 등록된 정보가 삭제됩니다."));
}

function MarketSettings() {
  const [markets, setMarkets] = useState(null);
  useEffect(() => { call("GET", "/markets").then(setMarkets); }, []);
  if (!markets) return h(antd.Spin);
  const replace = (changed) => setMarkets((now) => now.map((market) => (market.key === changed.key ? changed : market)));
  const label = (market) => (option.market_badges === "in_pane" ? market.name : h("span", null, market.name, " ", h(MarketBadge, { market })));
  return h("div", { style: { padding: 24 } }, h("div", { className: "H5Bold16" }, "마켓 설정"),
    h(antd.Tabs, { destroyInactiveTabPane: option.market_panes === "active", items: markets.map((market) => ({
      key: market.key, label: label(market), forceRender: option.market_panes === "all", children: h(MarketPane, { market, onChange: replace }) })) }));
}
