// The product drawer: seven tabs, autosave on blur and on close, one save after the other.

import { button, spin } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { confirm, Drawer } from "../antd/overlay.js";
import { tabs } from "../antd/tabs.js";
import { css, h, hashed, icon } from "../dom.js";
import { ask } from "../net.js";
import { detailTab } from "./detail.js";
import { openMemo } from "./memo.js";
import { nameTab } from "./name.js";
import { optionTab } from "./options.js";
import { keywordTab, priceTab, uploadTab } from "./other_tabs.js";
import { thumbnailTab } from "./thumbnails.js";

const TABS = [
  ["상품명 / 카테고리", nameTab],
  ["옵션", optionTab],
  ["가격", priceTab],
  ["키워드", keywordTab],
  ["썸네일", thumbnailTab],
  ["상세페이지", detailTab],
  ["업로드", uploadTab],
];

let current;

export function openProduct(key, me, onClosed) {
  current?.drawer.portal.remove();
  current = new ProductDrawer(key, me, onClosed);
  current.load();
}

class ProductDrawer {
  constructor(key, me, onClosed) {
    Object.assign(this, { key, me, onClosed, path: `/api/products/${key}`, isDuplicate: false });
    this.pending = Promise.resolve();
    this.mounted = new Set();
    this.watchers = [];
    this.strip = h("div.memo-strip");
    this.drawer = new Drawer({
      title: "상품 수정",
      header: [this.strip, button("브라우저 번역")],
      body: [spin()],
      footer: this.footer(),
      width: "min(960px, 80vw)",
      onRequestClose: () => this.close(),
    }).open();
  }

  async load() {
    if (!(await this.reload())) return;
    this.tabs = tabs({ items: TABS.map(([title]) => title), onShow: (index, pane) => this.mount(index, pane) });
    this.drawer.body.replaceChildren(this.tabs.element, this.floats());
    this.drawer.root.addEventListener("keydown", (event) => {
      const index = Number(event.key) - 1;
      if (event.altKey && TABS[index]) this.tabs.show(index);
    });
    this.tabs.show(0);
  }

  async reload() {
    this.product = (await ask("GET", this.path)) ?? this.product;
    this.original ??= this.product;
    this.renderStrip();
    return this.product;
  }

  /** Have `render` called whenever the product has changed. */
  watch(render) {
    this.watchers.push(render);
  }

  take(fresh) {
    this.product = fresh;
    for (const render of this.watchers) render(fresh);
  }

  /** A tab's content is fetched when it is first shown. */
  async mount(index, pane) {
    if (this.mounted.has(index)) return;
    this.mounted.add(index);
    pane.replaceChildren(spin());
    await this.pending;
    if (await this.reload()) pane.replaceChildren(...TABS[index][1](this));
  }

  /** Save fields, after the saves before it; resolves to the product, or undefined. */
  save(fields) {
    this.pending = this.pending.then(() => this.send(fields));
    return this.pending;
  }

  async send(fields) {
    try {
      const saved = await ask("PATCH", this.path, fields);
      if (saved) this.take(saved);
      if (saved && "name" in fields) this.isDuplicate = false;
      return saved;
    } catch (duplicate) {
      this.isDuplicate = true;
      this.duplicateText = duplicate.message;
      return undefined;
    }
  }

  /** Close after the last save; a duplicate name must be resolved first. */
  async close() {
    if (this.isClosing) return;
    this.isClosing = true;
    document.activeElement?.blur();
    await this.pending;
    if (this.isDuplicate) await confirm({ title: this.duplicateText });
    else this.leave();
    this.isClosing = false;
  }

  leave() {
    this.drawer.close();
    this.onClosed();
  }

  footer() {
    return [
      button("삭제", { isDanger: true, onClick: () => this.remove() }),
      button("상품 복사", { iconName: "copy", onClick: () => this.copy() }),
      button("저장하기", { kind: "primary", onClick: () => this.saveAll() }),
    ];
  }

  async saveAll() {
    await this.pending;
    if (!this.isDuplicate) toast("success", "저장되었습니다.");
    else await confirm({ title: this.duplicateText });
  }

  async remove() {
    const isSure = await confirm({
      title: "상품 삭제",
      content: "삭제한 상품은 복구할 수 없습니다. 삭제하시겠습니까?",
      ok: "상품 삭제",
      cancel: "취소",
      isDanger: true,
    });
    if (!isSure || !(await ask("DELETE", this.path))) return;
    toast("success", "상품을 삭제했습니다.");
    this.leave();
  }

  async copy() {
    if (await ask("POST", `${this.path}/copy`)) toast("success", "상품을 복사했습니다.");
  }

  floats() {
    const float = (name, onClick) =>
      h(
        "button.ant-float-btn.ant-float-btn-default.ant-float-btn-circle",
        { type: "button", class: css, onclick: onClick },
        h("div.ant-float-btn-body", h("div.ant-float-btn-content", h("div.ant-float-btn-icon", icon(name)))),
      );
    const memo = () => openMemo(this.product, (saved) => {
      this.product = saved;
      this.renderStrip();
    });
    const up = () => this.drawer.body.scrollTo(0, 0);
    const buttons = [float("up", up), float("form"), float("eye"), float("file-text", memo)];
    return h("div.ant-float-btn-group", { class: css }, buttons);
  }

  renderStrip() {
    const { memo, is_memo_shown: isShown } = this.product ?? {};
    const strip = h("div.row", { class: hashed("strip") }, h("span.memoContent", memo), icon("close"));
    this.strip.replaceChildren(...(isShown ? [strip] : []));
  }
}
