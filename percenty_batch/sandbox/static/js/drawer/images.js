// Image cards, and the second drawer that edits the images of the detail page.

import { button, spin } from "../antd/controls.js";
import { Drawer } from "../antd/overlay.js";
import { h, hashed } from "../dom.js";
import { ask } from "../net.js";
import { openEditor } from "./editor.js";

/** Cards whose actions are spans, not buttons; each action is told the card's position. */
export function imageCards(images, actions) {
  const action = (text, onClick, position) =>
    h("span.FootnoteDescription", { style: "cursor:pointer", onclick: () => onClick(position) }, text);
  const card = (image, position) =>
    h(
      "div.card",
      { class: hashed("card"), style: "cursor:move" },
      h("img", { src: image, alt: "", width: "110", height: "110" }),
      h("div.row", Object.entries(actions).map(([text, onClick]) => action(text, onClick, position))),
    );
  return h("div.cards", images.map(card));
}

let current;

/** Open 상세페이지 이미지 일괄 편집 over the product's drawer, which is told of every change. */
export function openImages(drawer) {
  current?.portal.remove();
  const { path } = drawer;
  const box = h("div", spin());
  let pending = Promise.resolve();
  const take = (fresh) => {
    if (!fresh) return false;
    drawer.take(fresh);
    show(fresh);
    return true;
  };
  const show = (fresh) =>
    box.replaceChildren(
      h("div.Body2Medium14", `총 ${fresh.images.length}개의 이미지`),
      imageCards(fresh.images, {
        "썸네일로 복사": (position) => copy([fresh.images[position]]),
        삭제: (position) => remove(fresh.images[position]),
        편집하기: (position) => edit(position),
      }),
    );
  const remove = (image) => {
    pending = pending.then(async () => take(await ask("POST", `${path}/delete-image`, { image })));
  };
  const copy = async (images) => drawer.save({ thumbnails: [...drawer.product.thumbnails, ...images] });
  const edit = (index) => {
    const { images } = drawer.product;
    const onSave = async (edited) => take(await ask("POST", `${path}/edited-images`, { area: "detail", images: edited }));
    openEditor({ path, images, index, onSave });
  };
  current = new Drawer({
    title: "상세페이지 이미지 일괄 편집",
    width: "min(820px, 70vw)",
    body: [
      h(
        "div.row",
        button("전체 썸네일로 복사", { onClick: () => copy(drawer.product.images) }),
        button("전체 삭제", { isDanger: true, onClick: () => drawer.product.images.forEach(remove) }),
        button("이미지 다시 불러오기", { onClick: () => load() }),
      ),
      box,
    ],
  }).open();
  const load = async () => take(await ask("GET", path));
  load();
}
