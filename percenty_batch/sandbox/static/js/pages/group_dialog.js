// 그룹 지정: the dialog that groups the selected products, or takes them out of their groups.

import { button, radio, toggle } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { Modal } from "../antd/overlay.js";
import { h } from "../dom.js";

/** Make the dialog once; `onMove(group or null)` resolves to something true when it worked. */
export function groupDialog(groups, onMove) {
  let chosen;
  const radios = groups.map(({ name, id }) =>
    radio(name, { value: id, group: "group-dialog", onChange: () => (chosen = name) }),
  );
  const isGrouping = toggle({ isChecked: true, onChange: (checked) => isGrouping.setChecked(checked) });
  const confirm = async () => {
    if (isGrouping.isChecked && !chosen) return toast("warning", "그룹을 선택해 주세요.");
    if (await onMove(isGrouping.isChecked ? chosen : null)) modal.close();
    return undefined;
  };
  const modal = new Modal({
    title: "상품 그룹핑/제외하기",
    width: 720,
    body: [h("div.row", isGrouping, h("span", "그룹핑하기")), h("div.ant-radio-group", radios)],
    footer: [button("닫기", { onClick: () => modal.close() }), button("확인", { kind: "primary", onClick: confirm })],
  });
  return {
    open: () => {
      chosen = undefined;
      isGrouping.setChecked(true);
      for (const each of radios) each.setChecked(false);
      modal.open();
    },
  };
}
