// The product drawer: loads the product, keeps unsaved edits, saves by itself, closes on ESC.
function Delayed({ children }) {
  const [ready, setReady] = useState(false);
  useEffect(() => { call("GET", "/groups").then(() => setReady(true)); }, []); // any call: its time is the content's
  return ready ? children : h(antd.Spin);
}

function MemoModal({ open, product, onClose, onSave }) {
  const [memo, setMemo] = useState(product.memo);
  const [exposed, setExposed] = useState(product.memo_exposed);
  const [busy, setBusy] = useState(false);
  useEffect(() => { if (open) { setMemo(product.memo); setExposed(product.memo_exposed); } }, [open]);
  const save = async () => {
    setBusy(true);
    try { await onSave(memo, exposed); } catch (error) { notify.error(error.message); }
    setBusy(false);
  };
  return h(antd.Modal, {
    open, title: "상품 메모", onCancel: onClose, destroyOnClose: destroyed,
    footer: [
      h(antd.Button, { key: "cancel", onClick: onClose }, "취소"),
      h(antd.Button, { key: "save", type: "primary", loading: busy, onClick: save }, h("span", null, "저장 후 닫기 "), h("span", { style: { fontSize: 11, opacity: .7 } }, "ctrl+enter")),
    ],
  },
  h(antd.Input.TextArea, { value: memo, rows: 6, maxLength: 1000, placeholder: "상품에 대한 메모를 작성해주세요", onChange: (event) => setMemo(event.target.value),
    onKeyDown: (event) => event.ctrlKey && event.key === "Enter" && save() }),
  h(antd.Flex, { justify: "space-between", style: { marginTop: 8 } },
    h(antd.Checkbox, { checked: exposed, onChange: (event) => setExposed(event.target.checked) }, "상품 목록에 메모 내용 노출하기 (최대 70자 노출)"),
    h("span", null, `${memo.length} / 1000`)));
}

function useProduct(id) {
  const [product, setProduct] = useState(null);
  const live = useRef(null);
  const dirty = useRef({});
  const saving = useRef(Promise.resolve());
  const show = (next) => { live.current = next; setProduct(next); };

  useEffect(() => {
    dirty.current = {};
    show(null);
    if (id) call("GET", `/products/${id}`).then(show);
  }, [id]);

  const edit = (field, value) => {
    const after = typeof value === "function" ? value(live.current[field]) : value;
    dirty.current[field] = after;
    show({ ...live.current, [field]: after });
  };
  // The server has this already: an older edit of the field must not come after it.
  const settle = (fields) => {
    for (const field of Object.keys(fields)) delete dirty.current[field];
    show({ ...live.current, ...fields });
  };
  // One save after the other; what was refused stays unsaved and is tried again by the next save.
  const save = () => {
    const turn = saving.current.then(async () => {
      const fields = dirty.current;
      if (!Object.keys(fields).length) return;
      dirty.current = {};
      try {
        await call("PATCH", `/products/${id}`, fields);
      } catch (error) {
        dirty.current = { ...fields, ...dirty.current };
        throw error;
      }
    });
    saving.current = turn.catch(() => {});
    return turn;
  };
  return { product, edit, save, settle };
}

function reportRefusal(error) {
  if (error.code !== "-1") return notify.error(error.message);
  antd.Modal.confirm({ title: error.message, okText: "확인", cancelText: "취소" });
}

function ProductDrawer({ id, onClose }) {
  const { product, edit, save, settle } = useProduct(id);
  const [tab, setTab] = useState("0");
  const [isMemoOpen, setMemoOpen] = useState(false);
  const [isBulkOpen, setBulkOpen] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const [edited, setEdited] = useState(null);
  useEffect(() => { setTab("0"); setMemoOpen(false); setBulkOpen(false); setDeleting(false); setCopied(false); setEdited(null); }, [id]);
  useEffect(() => {
    const go = (event) => { if (event.altKey && /^[1-7]$/.test(event.key)) setTab(String(event.key - 1)); };
    document.addEventListener("keydown", go);
    return () => document.removeEventListener("keydown", go);
  }, []);

  const commit = () => {
    if (option.autosave !== "field") return;
    save().catch((error) => { if (error.code !== "-1" || option.duplicate_name === "blur") reportRefusal(error); });
  };
  const saveNow = () => save().then(() => notify.success("저장되었습니다."), reportRefusal);
  const close = async () => {
    if (edited) return; // the image editor is above
    if (option.autosave !== "button") try { await save(); } catch (error) { return reportRefusal(error); }
    onClose();
  };
  const saveMemo = async (memo, exposed) => {
    await call("PATCH", `/products/${id}`, { memo, memo_exposed: exposed });
    settle({ memo, memo_exposed: exposed });
    setMemoOpen(false);
  };
  const remove = async () => {
    await call("DELETE", `/products/${id}`);
    notify.success("상품이 삭제되었습니다.");
    onClose();
  };
  const askDelete = () => {
    if (option.delete_dialog === "modal") return setDeleting(true);
    antd.Modal.confirm({ title: "상품 삭제", content: "상품을 삭제하시겠습니까?", okText: "삭제", cancelText: "취소", okButtonProps: { danger: true }, onOk: remove });
  };
  const copyNow = async () => {
    if (option.autosave === "field") await save();
    await call("POST", `/products/${id}/copy`);
    if (option.copy_feedback === "modal") setCopied(true); else notify.success("상품이 복사되었습니다.");
  };
  const copy = () => {
    if (option.copy_feedback !== "confirm") return copyNow();
    antd.Modal.confirm({ title: "상품 복사", content: "상품을 복사하시겠습니까?", okText: "확인", cancelText: "취소", onOk: copyNow });
  };
  const refineOptions = async (from, to) => {
    const answer = await call("POST", `/products/${id}/options`, { from, to });
    settle({ options: answer.options });
  };
  const saveImages = async (images) => {
    if (option.image_upload === "drawn") await pause(1.5);
    if (option.image_upload === "presigned") {
      const { path } = await call("POST", `/products/${id}/upload-url`);
      await pause(0.4);
      await fetch(`${otherOrigin}${path}`, { method: "PUT", body: "picture" });
    }
    await call("PATCH", `/products/${id}`, { [edited.area]: images });
    settle({ [edited.area]: images });
  };

  const parts = { product, edit, commit, refineOptions, onBulkEdit: () => setBulkOpen(true), onEditImages: (area, start) => setEdited({ area, start }) };
  return h(antd.Drawer, {
    open: Boolean(id), onClose: close, placement: "right", width: 1100, maskClosable: false, destroyOnClose: true,
    title: h(DrawerHead, { product, tab, onTab: setTab }),
    footer: h(antd.Flex, { justify: "flex-end", gap: 8 },
      h(antd.Button, { danger: true, onClick: askDelete }, "삭제"),
      h(antd.Button, { icon: icon("CopyOutlined"), onClick: copy }, "상품 복사"),
      h(antd.Button, { type: "primary", onClick: saveNow }, "저장하기")),
  },
  !product ? h(antd.Skeleton, { active: true }) : h(React.Fragment, null,
    h(TabPanes, { tab, onTab: setTab, parts }),
    h(antd.FloatButton.Group, { shape: "circle", style: { right: 24, bottom: 100 } },
      h(antd.FloatButton, { icon: icon("UpOutlined") }), h(antd.FloatButton, { icon: icon("FormOutlined") }), h(antd.FloatButton, { icon: icon("EyeOutlined") }),
      h(antd.FloatButton, { icon: icon("FileTextOutlined"), badge: { dot: Boolean(product.memo) }, onClick: () => setMemoOpen(true) })),
    h(MemoModal, { open: isMemoOpen, product, onClose: () => setMemoOpen(false), onSave: saveMemo }),
    h(BulkImageDrawer, { ...parts, open: isBulkOpen, onClose: () => (edited && option.image_editor !== "heedless") || setBulkOpen(false) }),
    edited && h(ImageEditor, { product, ...edited, onSaved: saveImages, onClose: () => setEdited(null) }),
    h(antd.Modal, { open: isCopied, title: "상품 복사", onCancel: () => setCopied(false), destroyOnClose: destroyed, footer: [
      h(antd.Button, { key: "ok", type: "primary", onClick: () => setCopied(false) }, "확인")] }, "상품이 복사되었습니다."),
    h(antd.Modal, { open: isDeleting, title: "상품 삭제", onCancel: () => setDeleting(false), destroyOnClose: destroyed, footer: [
      h(antd.Button, { key: "cancel", onClick: () => setDeleting(false) }, "취소"),
      h(antd.Button, { key: "delete", type: "primary", danger: true, onClick: remove }, "삭제")] }, "상품을 삭제하시겠습니까?")));
}

function DrawerHead({ product, tab, onTab }) {
  const [hidden, setHidden] = useState(false);
  return h("div", null,
    h(antd.Flex, { gap: 8, align: "center" }, h("span", null, "상품 수정"), h(antd.Button, { size: "small" }, "브라우저 번역"),
      option.memo_strip === "present" && product && product.memo && !hidden && h("span", null,
        h("span", { className: "memoContent" }, product.memo), h(antd.Button, { type: "text", size: "small", icon: icon("CloseOutlined"), onClick: () => setHidden(true) }))),
    option.tab_panes === "header" && h(antd.Tabs, { activeKey: tab, onChange: onTab, items: tabItems(), tabBarStyle: { marginBottom: 0 } }));
}

const tabItems = (content) => TABS.map(([label, Pane], index) => ({ key: String(index), label, children: content && content(Pane) }));

// A tab's content comes on its first showing and then stays mounted, hidden when another is shown.
function TabPanes({ tab, onTab, parts }) {
  const [seen, setSeen] = useState(["0"]);
  useEffect(() => { setSeen((now) => (now.includes(tab) ? now : [...now, tab])); }, [tab]);
  const content = (Pane) => h(Delayed, null, h(Pane, parts));
  if (option.tab_panes === "panel") return h(antd.Tabs, { activeKey: tab, onChange: onTab, items: tabItems(content) });
  return TABS.map(([label, Pane], index) => seen.includes(String(index)) && h("div", { key: label, style: { display: tab === String(index) ? "block" : "none" } }, content(Pane)));
}
