// The dialogs 선택 상품 일괄 업로드 and 일괄 삭제.
const UPLOAD_MARKETS = [["cp", "쿠팡"], ["ss", "스마트스토어"], ["esm", "옥션/G마켓 (ESM 2.0)"], ["est", "11번가-일반"], ["est_global", "11번가-글로벌"], ["lotteon", "롯데온"], ["ip", "인터파크"], ["wmp", "위메프"], ["kakao", "톡스토어"]];
const HOW_TO_DELETE = ["1. 퍼센티 및 모든 마켓에서 상품 삭제", "2. 선택 마켓에서 상품 삭제하기", "3. 퍼센티에서 해당 마켓 업로드 정보만 삭제하기"];

async function marketsAtFirst() {
  if (option.upload_markets === "none") return [];
  const all = UPLOAD_MARKETS.map(([key]) => key);
  if (option.upload_markets === "all") return all;
  const connected = (await call("GET", "/markets")).filter((market) => market.is_verified);
  return connected.map((market) => market.key);
}

function askUnedited() {
  if (option.upload_question === "none") return Promise.resolve();
  return new Promise((done) => antd.Modal.confirm({ title: "편집하지 않은 상품", content: "편집하지 않은 상품이 포함되어 있습니다. 업로드하시겠습니까?", okText: "업로드", cancelText: "취소", onOk: () => { done(); } }));
}

function UploadResults({ state }) {
  const rows = state.results.filter((row) => row.reason || option.upload_table_rows === "all");
  return h(antd.Table, { size: "small", rowKey: "id", dataSource: rows, pagination: option.upload_table === "paged" ? { pageSize: 5, size: "small" } : false,
    columns: [{ title: "퍼센티 상품 ID", dataIndex: "id" }, { title: "실패 내역", dataIndex: "reason", render: (reason) => reason || "-" }] });
}

function UploadModal({ open, ids, onClose, onChanged }) {
  const [markets, setMarkets] = useState([]);
  const [state, setState] = useState(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => { setState(null); setBusy(false); if (open) marketsAtFirst().then(setMarkets); }, [open]);
  const start = async () => {
    await askUnedited();
    setBusy(true);
    try { await call("POST", "/upload", { ids, markets }); } catch (error) { setBusy(false); return notify.error(error.message); }
    await follow("/upload", setState);
    setBusy(false);
  };
  const close = async () => {
    if (busy && state) await call("DELETE", "/upload");
    onClose();
    if (state) onChanged();
  };
  const toggle = (key) => (event) => setMarkets((now) => (event.target.checked ? [...now, key] : now.filter((other) => other !== key)));
  const isDone = state && !state.running;
  return h(antd.Modal, { open, title: "선택 상품 일괄 업로드", width: 720, maskClosable: false, keyboard: false, destroyOnClose: destroyed, onCancel: close, footer: [
    h(antd.Button, { key: "close", danger: busy, type: busy ? "primary" : "default", onClick: close }, "닫기"),
    !state && h(antd.Button, { key: "start", type: "primary", loading: busy, icon: decoration("UploadOutlined"), onClick: start }, "선택 상품 일괄 업로드")] },
  !state && h(antd.Flex, { gap: 8, wrap: true }, UPLOAD_MARKETS.map(([key, name]) => h(antd.Checkbox, { key, id: key, checked: markets.includes(key), onChange: toggle(key) }, name))),
  state && h("div", null,
    h("div", null, isDone ? `${state.done}/${state.total} 업로드 완료` : `${state.done}/${state.total} 업로드중..`),
    h("div", null, `${state.succeeded}건 성공 / ${state.failed}건 실패`),
    h(antd.Progress, { percent: Math.round((state.done / state.total) * 100), status: isDone ? "normal" : "active" }),
    isDone && h("div", null, "모든 업로드가 완료됐습니다."),
    h(UploadResults, { state })));
}

function DeleteModal({ open, ids, onClose, onChanged }) {
  const [how, setHow] = useState(1);
  const [markets, setMarkets] = useState([]);
  const [done, setDone] = useState(null);
  useEffect(() => { setHow(1); setMarkets([]); setDone(null); }, [open]);
  const start = async () => {
    try { await call("POST", "/delete", { ids, how, markets }); } catch (error) { return notify.error(error.message); }
    setDone(ids.length);
  };
  const close = () => { onClose(); if (done) onChanged(); };
  return h(antd.Modal, { open, title: "선택 상품 일괄 삭제", maskClosable: false, destroyOnClose: destroyed, onCancel: close, footer: [
    h(antd.Button, { key: "close", onClick: close }, "닫기"),
    done === null && h(antd.Button, { key: "start", type: "primary", danger: true, onClick: start }, "선택 상품 일괄 삭제")] },
  h(antd.Select, { value: how, onChange: setHow, style: { width: "100%" }, options: HOW_TO_DELETE.map((label, index) => ({ value: index + 1, label })) }),
  h(antd.Checkbox.Group, { style: { marginTop: 12 }, disabled: how === 1, value: markets, onChange: setMarkets,
    options: [...UPLOAD_MARKETS.map(([value, label]) => ({ value, label: value === "est" ? "11번가 - 일반" : label })), { value: "at", label: "옥션" }] }),
  done !== null && h("div", null, h("div", null, `${done}/${done} 삭제 완료`), h("div", null, "모든 상품 삭제가 완료됐습니다.")));
}
