// 상품 메모: the dialog behind the file-text buttons.

import { button, checkbox } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { Modal } from "../antd/overlay.js";
import { css, h } from "../dom.js";
import { ask } from "../net.js";

const MAX = 1000;
let current;

export function openMemo(product, onSaved) {
  let memo = product.memo;
  let isShown = product.is_memo_shown;
  const count = h("span.ant-input-data-count");
  const area = h("textarea.ant-input", {
    class: css,
    rows: "6",
    maxlength: String(MAX),
    placeholder: "상품에 대한 메모를 작성해주세요",
  });
  const render = () => {
    area.value = memo;
    count.textContent = `${memo.length} / ${MAX}`;
  };
  area.addEventListener("input", () => {
    memo = area.value;
    render();
  });
  const shown = checkbox("상품 목록에 메모 내용 노출하기 (최대 70자 노출)", {
    isChecked: isShown,
    onChange: (checked) => (isShown = checked),
  });
  const save = async () => {
    const saved = await ask("PATCH", `/api/products/${product.key}`, { memo, is_memo_shown: isShown });
    if (!saved) return;
    toast("success", "메모를 저장했습니다.");
    modal.close();
    onSaved(saved);
  };
  current?.portal.remove();
  const modal = new Modal({
    title: "상품 메모",
    body: [h("span.ant-input-affix-wrapper.ant-input-textarea-affix-wrapper", area, count), shown],
    footer: [button("취소", { onClick: () => modal.close() }), saveButton(save)],
  });
  area.addEventListener("keydown", (event) => event.ctrlKey && event.key === "Enter" && save());
  render();
  current = modal.open();
}

function saveButton(save) {
  const made = button("저장 후 닫기", { kind: "primary", onClick: save });
  made.append(h("span.FootnoteDescription", " ctrl+enter"));
  return made;
}
