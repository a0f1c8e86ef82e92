// Image cards, and the second drawer that edits the images of the detail page.

import { button, spin } from "../antd/controls.js";
import { Drawer } from "../antd/overlay.js";
import { h, hashed } from "../dom.js";
import { ask } from "../net.js";

/** Cards whose actions are spans, not buttons. */
export function imageCards(images, { copyText, onDelete }) {
  const action = (text, onClick) => h("span.FootnoteDescription", { style: "cursor:pointer", onclick: onClick }, text);
  const card = (image) =>
    h(
      "div.card",
      { class: hashed("card"), style: "cursor:move" },
      h("img", { src: image, alt: "", width: "110", height: "110" }),
      h("div.row", action(copyText), action("삭제", () => onDelete(image)), action("편집하기")),
    );
  return h("div.cards", images.map(card));
}

let current;

/** Open 상세페이지 이미지 일괄 편집; `onChanged` is told after each deletion. */
export function openImages(product, onChanged) {
  current?.portal.remove();
  const path = `/api/products/${product.key}`;
  const box = h("div", spin());
  let pending = Promise.resolve();
  const show = (fresh) =>
    box.replaceChildren(
      h("div.Body2Medium14", `총 ${fresh.images.length}개의 이미지`),
      imageCards(fresh.images, { copyText: "썸네일로 복사", onDelete: remove }),
    );
  const remove = (image) => {
    pending = pending.then(async () => {
      const fresh = await ask("POST", `${path}/delete-image`, { image });
      if (!fresh) return;
      show(fresh);
      onChanged(fresh);
    });
  };
  const removeAll = () => {
    for (const image of product.images) remove(image);
  };
  current = new Drawer({
    title: "상세페이지 이미지 일괄 편집",
    width: "min(820px, 70vw)",
    body: [
      h(
        "div.row",
        button("전체 썸네일로 복사"),
        button("전체 삭제", { isDanger: true, onClick: removeAll }),
        button("이미지 다시 불러오기"),
      ),
      box,
    ],
  }).open();
  ask("GET", path).then((fresh) => fresh && show(fresh));
}
