// 상세페이지: an editor with the DOM of CKEditor 5.

import { button } from "../antd/controls.js";
import { h, uniqueId } from "../dom.js";
import { openImages } from "./images.js";

export function detailTab(drawer) {
  const editor = new Editor(drawer.product.detail_html, (html) => drawer.save({ detail_html: html }));
  drawer.watch((fresh) => fresh.detail_html === editor.data || editor.setData(fresh.detail_html));
  const bulk = button("일괄 편집", { onClick: () => openImages(drawer) });
  return [h("div.row", h("span.Body2Medium14", "상세페이지 편집"), bulk), editor.element];
}

class Editor {
  constructor(html, onChange) {
    this.onChange = onChange;
    this.editable = h("div.ck.ck-content.ck-editor__editable.ck-blurred", {
      role: "textbox",
      contenteditable: "true",
      "aria-label": "편집 영역: main",
      lang: "ko",
    });
    this.editable.addEventListener("blur", () => this.commit());
    this.main = h("div.ck.ck-editor__main", { role: "presentation" }, this.editable);
    this.source = ckButton("소스", "ck-source-editing-button", () => this.toggleSource());
    const toolbar = h(
      "div.ck.ck-toolbar",
      { role: "toolbar", "aria-label": "편집기 툴바" },
      h(
        "div.ck.ck-toolbar__items",
        ckButton("굵게"),
        ckButton("이미지 업로드"),
        ckButton("HTML 삽입", "", () => this.insertHtml()),
        this.source,
      ),
    );
    this.element = h(
      "div.ck.ck-reset.ck-editor",
      { role: "application", dir: "ltr", lang: "ko" },
      h("div.ck.ck-editor__top", { role: "presentation" }, h("div.ck.ck-sticky-panel", toolbar)),
      this.main,
    );
    this.setData(html);
  }

  setData(html) {
    const parsed = h("template");
    parsed.innerHTML = this.data = html;
    const nodes = [...parsed.content.childNodes].map((node) =>
      node.classList?.contains("raw-html-embed") ? embed(node.innerHTML, () => this.commit()) : node,
    );
    this.editable.replaceChildren(...nodes);
  }

  getData() {
    const parts = [...this.editable.childNodes].map((node) => {
      if (node.rawHtml === undefined) return node.outerHTML ?? node.textContent;
      return node.rawHtml ? `<div class="raw-html-embed">${node.rawHtml}</div>` : "";
    });
    return parts.join("");
  }

  commit() {
    const html = this.getData();
    if (html === this.data) return;
    this.data = html;
    this.onChange(html);
  }

  insertHtml() {
    const widget = embed("", () => this.commit());
    this.editable.prepend(widget);
    widget.edit();
  }

  toggleSource() {
    const area = this.main.querySelector(".ck-source-editing-area");
    this.source.classList.toggle("ck-on", !area);
    this.editable.style.display = area ? "" : "none";
    if (!area) {
      const html = h("textarea", { "aria-label": "소스 코드 편집 영역", value: this.getData() });
      this.main.append(h("div.ck-source-editing-area", html));
      return;
    }
    const before = this.data;
    this.setData(area.firstChild.value);
    area.remove();
    if (this.data !== before) this.onChange(this.data);
  }
}

/** A raw-HTML widget; `rawHtml` is its data, empty until saved for the first time. */
function embed(html, onSaved) {
  const buttons = h("div.raw-html-embed__buttons-wrapper");
  const area = h("textarea.ck.ck-reset.ck-input.ck-input-text.raw-html-embed__source", {
    placeholder: "원시 HTML을 여기에 붙여넣으세요...",
  });
  const widget = h(
    "div.raw-html-embed.ck-widget",
    { "data-html-embed-label": "HTML 삽입", dir: "ltr", contenteditable: "false" },
    h("div.raw-html-embed__content-wrapper", buttons, area),
  );
  const view = () => {
    area.value = widget.rawHtml;
    area.disabled = true;
    buttons.replaceChildren(ckButton("소스 편집", "raw-html-embed__edit-button", widget.edit));
  };
  const save = () => {
    widget.rawHtml = area.value;
    view();
    onSaved();
  };
  widget.edit = () => {
    area.disabled = false;
    buttons.replaceChildren(
      ckButton("변경사항 저장", "raw-html-embed__save-button", save),
      ckButton("취소", "raw-html-embed__cancel-button", view),
    );
    area.focus();
  };
  widget.rawHtml = html;
  view();
  return widget;
}

function ckButton(text, extraClass = "", onClick = undefined) {
  const id = uniqueId("ck-editor__aria-label_e");
  return h(
    "button.ck.ck-button.ck-off",
    { type: "button", tabindex: "-1", "aria-labelledby": id, class: extraClass, onclick: onClick },
    h("span.ck.ck-button__label", { id }, text),
  );
}
