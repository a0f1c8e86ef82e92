// Modals, confirmations and drawers. One stack: ESC closes its top.

import { css, h, icon, later, MOTION_MS, uniqueId } from "../dom.js";
import { button } from "./controls.js";

const stack = [];
let zIndex = 1000;

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !stack.length) return;
  event.preventDefault();
  stack.at(-1).requestClose();
});

/** Forget and remove every overlay: the page they belong to is gone. */
export function removeOverlays() {
  stack.length = 0;
  for (const element of document.querySelectorAll("body > .ant-overlay-portal")) element.remove();
}

class Overlay {
  constructor(onRequestClose, isDestroyedOnClose) {
    this.isDestroyedOnClose = isDestroyedOnClose;
    this.portal = h("div.ant-overlay-portal");
    this.requestClose = () => (onRequestClose ? onRequestClose() : this.close());
    this.isOpen = false;
  }

  open() {
    if (this.isOpen) return this;
    this.isOpen = true;
    document.body.append(this.portal);
    stack.push(this);
    this.show(++zIndex);
    return this;
  }

  /** Leave the stack at once, the screen after the motion. */
  async close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (stack.includes(this)) stack.splice(stack.indexOf(this), 1);
    this.leave();
    await later(MOTION_MS);
    if (this.isDestroyedOnClose) this.portal.remove();
    else if (!this.isOpen) this.hide();
  }
}

export class Modal extends Overlay {
  constructor({ title, body = [], footer = [], width = 520, extraClass = "", ...closing }) {
    super(closing.onRequestClose, closing.isDestroyedOnClose);
    const id = title ? uniqueId(":r") : undefined;
    this.mask = h("div.ant-modal-mask");
    this.content = h("div.ant-modal-content", this.closer(), title && header(id, title), h("div.ant-modal-body", body));
    if (footer.length) this.content.append(h("div.ant-modal-footer", footer));
    this.dialog = h(
      "div.ant-modal",
      {
        role: "dialog",
        "aria-modal": "true",
        "aria-labelledby": id,
        class: `${css} ${extraClass}`,
        style: `width:${width}px`,
      },
      sentinel(),
      this.content,
      sentinel(),
    );
    this.wrap = h("div.ant-modal-wrap", { tabindex: "-1" }, this.dialog);
    this.wrap.addEventListener("mousedown", (event) => event.target === this.wrap && this.requestClose());
    this.portal.append(h("div.ant-modal-root", { class: css }, this.mask, this.wrap));
  }

  closer() {
    return h(
      "button.ant-modal-close",
      { type: "button", "aria-label": "Close", onclick: () => this.requestClose() },
      h("span.ant-modal-close-x", icon("close", "ant-modal-close-icon")),
    );
  }

  show(z) {
    for (const element of [this.mask, this.wrap]) element.style.cssText = `z-index:${z}`;
    this.mask.classList.remove("ant-modal-mask-hidden");
    this.dialog.classList.remove("ant-zoom-leave");
    this.dialog.classList.add("ant-zoom-enter");
    later(MOTION_MS).then(() => this.dialog.classList.remove("ant-zoom-enter"));
  }

  leave() {
    this.dialog.classList.add("ant-zoom-leave");
    this.mask.classList.add("ant-fade-leave");
  }

  hide() {
    this.mask.classList.remove("ant-fade-leave");
    this.mask.classList.add("ant-modal-mask-hidden");
    this.mask.style.display = this.wrap.style.display = "none";
  }
}

/** A drawer from the right; `header` stands beside its title. */
export class Drawer extends Overlay {
  constructor({ title, header: extra = [], body = [], footer = [], width, onRequestClose }) {
    super(onRequestClose, false);
    this.mask = h("div.ant-drawer-mask", { onclick: () => this.requestClose() });
    this.body = h("div.ant-drawer-body", body);
    const close = h(
      "button.ant-drawer-close",
      { type: "button", "aria-label": "Close", onclick: () => this.requestClose() },
      icon("close"),
    );
    this.content = h(
      "div.ant-drawer-content",
      { role: "dialog", "aria-modal": "true" },
      h(
        "div.ant-drawer-wrapper-body",
        h("div.ant-drawer-header", h("div.ant-drawer-header-title", close, h("div.ant-drawer-title", title)), extra),
        this.body,
        footer.length > 0 && h("div.ant-drawer-footer", footer),
      ),
    );
    this.wrapper = h("div.ant-drawer-content-wrapper", { style: `width:${width}` }, this.content);
    const parts = [this.mask, sentinel(), this.wrapper, sentinel()];
    this.root = h("div.ant-drawer.ant-drawer-right", { tabindex: "-1", class: css }, parts);
    this.portal.append(this.root);
  }

  show(z) {
    this.root.style.zIndex = z;
    this.root.classList.add("ant-drawer-open");
    this.mask.style.display = this.wrapper.style.display = "";
    this.wrapper.classList.add("ant-drawer-panel-motion-right-enter");
    later(MOTION_MS).then(() => this.wrapper.classList.remove("ant-drawer-panel-motion-right-enter"));
  }

  leave() {
    this.wrapper.classList.add("ant-drawer-panel-motion-right-leave");
  }

  hide() {
    this.root.classList.remove("ant-drawer-open");
    this.wrapper.classList.remove("ant-drawer-panel-motion-right-leave");
    this.mask.style.display = this.wrapper.style.display = "none";
  }
}

/** A confirmation; resolves to true when confirmed. Its dialog has no accessible name, as antd's. */
export function confirm({ title, content, ok = "확인", cancel, isDanger = false }) {
  return new Promise((resolve) => {
    const answer = (isConfirmed) => modal.close().then(() => resolve(isConfirmed));
    const modal = new Modal({
      width: 416,
      extraClass: "ant-modal-confirm ant-modal-confirm-confirm",
      isDestroyedOnClose: true,
      onRequestClose: () => answer(false),
      body: [
        h(
          "div.ant-modal-confirm-body-wrapper",
          h(
            "div.ant-modal-confirm-body",
            icon("exclamation-circle"),
            h(
              "div.ant-modal-confirm-paragraph",
              h("span.ant-modal-confirm-title", title),
              content && h("div.ant-modal-confirm-content", content),
            ),
          ),
          h(
            "div.ant-modal-confirm-btns",
            cancel && button(cancel, { onClick: () => answer(false) }),
            button(ok, { kind: "primary", isDanger, onClick: () => answer(true) }),
          ),
        ),
      ],
    });
    modal.content.querySelector(".ant-modal-close").remove();
    modal.open();
  });
}

const header = (id, title) => h("div.ant-modal-header", h("div.ant-modal-title", { id }, title));

const sentinel = () =>
  h("div", { tabindex: "0", "aria-hidden": "true", style: "width:0;height:0;overflow:hidden;outline:none" });
