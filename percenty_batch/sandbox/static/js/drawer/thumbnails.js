// 썸네일: cards in the order in which the markets show them; the first one leads.

import { button } from "../antd/controls.js";
import { h } from "../dom.js";
import { ask } from "../net.js";
import { sortable } from "../sortable.js";
import { openEditor } from "./editor.js";
import { imageCards } from "./images.js";

export function thumbnailTab(drawer) {
  const box = h("div");
  const put = (thumbnails) => drawer.save({ thumbnails });
  const all = () => drawer.product.thumbnails;
  const toDetail = (images) => {
    const figures = images.map((image) => `<figure class="image"><img src="${image}"></figure>`);
    return drawer.save({ detail_html: drawer.product.detail_html + figures.join("") });
  };
  const move = (from, to) => {
    const rest = all().toSpliced(from, 1);
    return put(rest.toSpliced(to, 0, all()[from]));
  };
  const edit = (index) => {
    const onSave = async (images) => {
      const fresh = await ask("POST", `${drawer.path}/edited-images`, { area: "thumbnails", images });
      if (fresh) drawer.take(fresh);
      return Boolean(fresh);
    };
    openEditor({ path: drawer.path, images: all(), index, onSave });
  };
  const render = () => {
    const cards = imageCards(all(), {
      "상세페이지로 복사": (position) => toDetail([all()[position]]),
      삭제: (position) => put(all().toSpliced(position, 1)),
      편집하기: edit,
    });
    sortable(cards, move);
    box.replaceChildren(h("div.Body2Medium14", `총 ${all().length}개의 썸네일`), cards);
  };
  drawer.watch(render);
  render();
  const tools = {
    "전체 상세페이지로 복사": () => toDetail(all()),
    "전체 삭제": () => put([]),
    "워터마크 설정": undefined,
    "썸네일 되돌리기": () => put(drawer.original.thumbnails),
  };
  return [h("div.row", Object.entries(tools).map(([text, onClick]) => button(text, { onClick }))), box];
}
