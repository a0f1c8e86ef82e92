// The dialog 일괄 번역: the day's quota, a start, and one of several ways to tell the end.
function quotaText(left) {
  const blue = h("span", { style: { color: "#1677ff" } }, `${left}회`);
  if (option.quota_text === "plain") return `오늘 남은 일괄 번역 횟수: ${left}회`;
  if (option.quota_text === "split") return h("span", null, "남은 횟수 ", h("b", { style: { color: "#1677ff" } }, left), "회");
  return h("span", null, "하루 300회까지 번역할 수 있으며, 오늘은 ", blue, " 남았습니다.");
}

function askNotice(open) {
  if (option.translation_notice === "none") return Promise.resolve();
  return new Promise((done) => antd.Modal.confirm({ title: "번역 안내", content: "번역된 상품은 되돌릴 수 없습니다.", okText: "확인", cancelText: "취소", onOk: () => { done(); } }));
}

function TranslateModal({ open, ids, onClose, onChanged }) {
  const [shown, setShown] = useState(false);
  const [left, setLeft] = useState(null);
  const [state, setState] = useState(null);
  const [busy, setBusy] = useState(false);
  const count = useRef(0);
  useEffect(() => {
    setShown(false); setLeft(null); setState(null); setBusy(false);
    if (!open) return;
    count.current = ids.length;
    askNotice().then(() => { setShown(true); call("GET", "/quota").then((answer) => setLeft(answer.left)); });
  }, [open]);

  const start = async () => {
    setBusy(true);
    try { await call("POST", "/translation", { ids }); } catch (error) { setBusy(false); return notify.error(error.message); }
    if (option.translation_end === "quiet") return onClose();
    if (option.translation_end === "toast") {
      onClose();
      await follow("/translation", () => {});
      antd.notification.success({ message: "일괄 번역이 완료되었습니다." });
      return onChanged();
    }
    await follow("/translation", setState);
    onChanged();
    if (option.translation_end === "in_dialog") return setBusy(false);
    notify.success("번역이 완료되었습니다.");
    onClose();
  };
  const isDone = state && !state.running;
  return h(antd.Modal, { open: open && shown, title: "일괄 번역", onCancel: onClose, maskClosable: false, destroyOnClose: destroyed, footer: [
    h(antd.Button, { key: "close", onClick: onClose }, "닫기"),
    !isDone && h(antd.Button, { key: "start", type: "primary", loading: busy, disabled: left === null, icon: decoration("TranslationOutlined"), onClick: start }, "일괄 번역 시작")] },
  left === null ? h(antd.Spin) : h(antd.Alert, { type: "info", showIcon: true, message: quotaText(left) }),
  h("p", null, `선택 ${count.current}개 상품`),
  state && option.translation_end === "in_dialog" && h("div", null,
    h("div", null, isDone ? `${state.done}/${state.total} 번역 완료` : `${state.done}/${state.total} 번역중..`),
    h(antd.Progress, { percent: Math.round((state.done / state.total) * 100) }),
    isDone && h("div", null, "모든 번역이 완료됐습니다.")));
}
