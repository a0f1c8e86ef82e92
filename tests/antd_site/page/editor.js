// The 상세페이지 editor: the real CKEditor 5, or an imitation of the part of its DOM that is known.
let ckeditorLoaded = null;

function loadCkeditor() {
  const load = (tag, fields) => new Promise((done, failed) => {
    const node = Object.assign(document.createElement(tag), fields, { onload: done, onerror: failed });
    document.head.append(node);
  });
  ckeditorLoaded ??= load("link", { rel: "stylesheet", href: "/libs/ckeditor5/dist/browser/ckeditor5.css" })
    .then(() => load("script", { src: "/libs/ckeditor5/dist/browser/ckeditor5.umd.js" }))
    .then(() => load("script", { src: "/libs/ckeditor5/dist/translations/ko.umd.js" }));
  return ckeditorLoaded;
}

function Ckeditor({ html, onChange, onBlur }) {
  const place = useRef(null);
  const latest = useRef({});
  latest.current = { onChange, onBlur };

  useEffect(() => {
    let editor = null, gone = false;
    loadCkeditor().then(async () => {
      const C = window.CKEDITOR;
      const made = await C.ClassicEditor.create(place.current, {
        licenseKey: "GPL", language: "ko", initialData: html,
        plugins: [C.Essentials, C.Paragraph, C.Heading, C.Bold, C.Italic, C.Image, C.Table, C.HtmlEmbed, C.SourceEditing, C.GeneralHtmlSupport],
        toolbar: ["sourceEditing", "|", "heading", "|", "bold", "italic", "insertTable", "htmlEmbed", "|", "undo", "redo"],
      });
      if (gone) return made.destroy();
      editor = made;
      editor.model.document.on("change:data", () => latest.current.onChange(editor.getData()));
      editor.ui.focusTracker.on("change:isFocused", (_event, _name, focused) => focused || latest.current.onBlur());
    });
    return () => { gone = true; if (editor) editor.destroy(); };
  }, []);
  return h("div", null, h("div", { ref: place }));
}

function ImitatedEditor({ html, onChange, onBlur }) {
  const [embed, setEmbed] = useState(null);
  const finish = () => { onChange(`${html}<div class="raw-html-embed">${embed}</div>`); setEmbed(null); onBlur(); };
  return h("div", { className: "ck ck-editor" },
    h("div", { role: "toolbar", "aria-label": "편집기 툴바", className: "ck ck-toolbar" },
      h("button", { type: "button", className: "ck ck-button ck-source-editing-button" }, h("span", { className: "ck-button__label" }, "소스")),
      h("button", { type: "button", className: "ck ck-button", onClick: () => setEmbed("") }, h("span", { className: "ck-button__label" }, "HTML 삽입"))),
    h("div", { className: "ck-content", role: "textbox", contentEditable: "true", suppressContentEditableWarning: true }, "상세 설명"),
    embed !== null && h("div", { className: "raw-html-embed ck-widget" },
      h("textarea", { className: "raw-html-embed__source", placeholder: "원시 HTML을 여기에 붙여넣으세요...", value: embed, onChange: (event) => setEmbed(event.target.value) }),
      h("button", { type: "button", className: "raw-html-embed__save-button", onClick: finish }, h("span", null, "변경사항 저장")),
      h("button", { type: "button", className: "raw-html-embed__cancel-button", onClick: () => setEmbed(null) }, h("span", null, "취소"))));
}

const DetailEditor = option.editor === "ckeditor" ? Ckeditor : ImitatedEditor;
