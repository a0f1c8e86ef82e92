// Cards of images: thumbnails (draggable) and the drawer 상세페이지 이미지 일괄 편집.
function CardActions({ copyText, onCopy, onDelete, onEdit }) {
  const action = (text, onClick) => h("span", { className: "FootnoteDescription", onClick }, text);
  return h(antd.Flex, { gap: 8 }, action(copyText, onCopy), action("삭제", onDelete), action("편집하기", onEdit));
}

// The same picture may stand in a list twice: ids get the position of its repetition.
const distinct = (images) => images.map((image, index) => `${image}#${images.slice(0, index).filter((other) => other === image).length}`);
const moved = (list, from, to) => { const rest = list.filter((_, index) => index !== from); rest.splice(to, 0, list[from]); return rest; };
const without = (list, position) => list.filter((_, index) => index !== position);
const withThumbnail = (thumbnails, image) => (option.copied_thumbnail === "first" ? [image, ...thumbnails] : [...thumbnails, image]);

function ThumbnailTab({ product, edit, commit, onEditImages }) {
  const change = (thumbnails) => { edit("thumbnails", thumbnails); commit(); };
  const remove = (position) => change((now) => without(now, position));
  const card = (position) => h(React.Fragment, null,
    h("img", { src: picture(product.thumbnails[position]), alt: "", draggable: false }),
    h(CardActions, { copyText: "상세페이지로 복사", onCopy: () => { edit("images", (now) => [...now, product.thumbnails[position]]); commit(); },
      onDelete: () => remove(position), onEdit: () => onEditImages("thumbnails", position) }));
  return h("div", null,
    h(antd.Flex, { gap: 8 }, ["전체 상세페이지로 복사", "전체 삭제", "워터마크 설정", "썸네일 되돌리기"].map((text) =>
      h(antd.Button, { key: text, onClick: text === "전체 삭제" ? () => change([]) : undefined }, text))),
    h("p", { className: "H5Bold16" }, `총 ${product.thumbnails.length}개의 썸네일`),
    h(SortableCards, { ids: distinct(product.thumbnails), card, onMove: (from, to) => change(moved(product.thumbnails, from, to)) }));
}

function BulkImageDrawer({ open, product, edit, commit, onClose, onEditImages }) {
  const change = (images) => { edit("images", images); commit(); };
  const remove = (position) => pause(option.image_delete_s).then(() => change((now) => without(now, position)));
  const copy = (position) => { edit("thumbnails", (now) => withThumbnail(now, product.images[position])); commit(); };
  return h(antd.Drawer, { open, onClose, placement: "right", width: "85%", title: "상세페이지 이미지 일괄 편집", destroyOnClose: destroyed },
    h(antd.Flex, { gap: 8 }, ["전체 썸네일로 복사", "전체 삭제", "이미지 다시 불러오기"].map((text) => h(antd.Button, { key: text }, text))),
    h(Delayed, { key: String(open) },
      h("p", { className: "H5Bold16" }, `총 ${product.images.length}개의 이미지`),
      h("div", { className: "cards" }, distinct(product.images).map((id, position) => h("div", { key: id, className: "card" },
        h("img", { src: picture(product.images[position]), alt: "" }),
        h(CardActions, { copyText: "썸네일로 복사", onCopy: () => copy(position), onDelete: () => remove(position), onEdit: () => onEditImages("images", position) }))))));
}
