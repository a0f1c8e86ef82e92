// The image editor: one picture at a time on a canvas; only 수정사항 저장 keeps what was done.
const isLate = option.image_editor_pace === "late";

function PictureCanvas({ image }) {
  const canvas = useRef(null);
  useEffect(() => {
    const shown = new Image();
    shown.onload = async () => {
      if (isLate) await pause(1);
      if (!canvas.current || !shown.onload) return;
      canvas.current.width = shown.naturalWidth;
      canvas.current.height = shown.naturalHeight;
      canvas.current.getContext("2d").drawImage(shown, 0, 0);
    };
    shown.src = picture(image);
    return () => { shown.onload = null; };
  }, [image]);
  return h("canvas", { id: "pCanvas", ref: canvas, style: { maxWidth: 600, background: "#eee" } });
}

function EditorFrame({ children, footer, onClose }) {
  if (option.image_editor === "modal") {
    return h(antd.Modal, { open: true, title: "이미지 편집", width: "100%", style: { top: 0, maxWidth: "100%", margin: 0 }, maskClosable: false, onCancel: onClose, footer }, children);
  }
  if (option.image_editor === "drawer") {
    return h(antd.Drawer, { open: true, title: "이미지 편집", width: "100%", maskClosable: false, onClose, footer }, children);
  }
  return ReactDOM.createPortal(h("div", { className: "overlay" },
    h(antd.Flex, { justify: "space-between" }, h("b", null, "이미지 편집"), h(antd.Button, { type: "text", "aria-label": "Close", icon: icon("CloseOutlined"), onClick: onClose })),
    children, footer), document.body);
}

function ImageEditor({ product, area, start, onSaved, onClose }) {
  const [images, setImages] = useState(product[area]);
  const [at, setAt] = useState(option.image_editor_start === "first" ? 0 : start);
  const [busy, setBusy] = useState(false);
  const [saving, setSaving] = useState(false);
  const [hasThumbs, setHasThumbs] = useState(!isLate);
  const latest = useRef({});

  const translate = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const answer = await call("POST", `/products/${product.id}/image`, { image: images[at] });
      setImages((now) => now.map((image, index) => (index === at ? answer.image : image)));
    } catch (error) { notify.error(error.message); }
    setBusy(false);
  };
  const save = async () => {
    setSaving(option.image_upload === "none");
    await onSaved(images);
    setSaving(false);
    notify.success("수정사항이 저장되었습니다.");
    if (option.image_editor_save === "closes") onClose();
    if (option.image_editor_save === "closes_late") setTimeout(() => latest.current.onClose(), 600);
  };
  latest.current = { translate, onClose, next: () => !busy && setAt((now) => (now + 1) % images.length) };
  useEffect(() => { pause(0.8).then(() => setHasThumbs(true)); }, []);
  useEffect(() => {
    const hear = (event) => {
      if (event.key === "Tab") { event.preventDefault(); latest.current.next(); }
      if (event.key === "t" || event.key === "T") latest.current.translate();
      if (event.key === "Escape" && option.image_editor === "overlay") { event.stopPropagation(); latest.current.onClose(); }
    };
    document.addEventListener("keydown", hear, true);
    return () => document.removeEventListener("keydown", hear, true);
  }, []);

  const footer = h(antd.Flex, { gap: 8, justify: "flex-end" },
    h(antd.Button, { loading: busy, icon: decoration("TranslationOutlined"), onClick: translate }, "원클릭 이미지 번역"),
    h(antd.Button, { type: "primary", loading: saving, disabled: busy, icon: decoration("SaveOutlined"), onClick: save }, "수정사항 저장"));
  return h(EditorFrame, { footer, onClose },
    h(antd.Flex, { gap: 16 },
      h("div", { className: "thumbs" }, hasThumbs && images.map((image, index) => h("img", {
        key: index, className: "p_tooltip_image_editor_thumb", src: picture(image), alt: "", onClick: () => busy || setAt(index),
        style: { width: 80, display: "block", cursor: "pointer", outline: index === at ? "2px solid #1677ff" : "none" } }))),
      h(PictureCanvas, { image: images[at] })));
}
