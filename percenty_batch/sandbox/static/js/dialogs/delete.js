// 삭제: the dialog that deletes the selected products, by default everywhere.

import { button, checkbox } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { Modal } from "../antd/overlay.js";
import { Select } from "../antd/select.js";
import { h } from "../dom.js";
import { MARKETS } from "../pages/market_settings.js";
import { BulkWork } from "./progress.js";

const TITLE = "선택 상품 일괄 삭제";
const SCOPES = {
  "1. 퍼센티 및 모든 마켓에서 상품 삭제": "everywhere",
  "2. 선택 마켓에서 상품 삭제하기": "markets",
  "3. 퍼센티에서 해당 마켓 업로드 정보만 삭제하기": "upload_info",
};

/** Open the dialog for these products. The list is not loaded anew by it. */
export function openDelete(products) {
  let [option] = Object.keys(SCOPES);
  const select = new Select({
    options: Object.keys(SCOPES),
    value: option,
    width: 420,
    onChange: (text) => {
      option = text;
      select.setValue(text);
    },
  });
  const boxes = [...MARKETS, { key: "at", title: "옥션" }].map(({ key, title }) => {
    const box = checkbox(title);
    box.input.value = key;
    return box;
  });
  let work;
  const modal = new Modal({
    title: TITLE,
    width: 640,
    isDestroyedOnClose: true,
    onRequestClose: () => (work ? work.abort() : modal.close()),
    body: [h("p", `선택 ${products.length}개 상품`), select.element, h("div.ant-checkbox-group", boxes)],
    footer: [
      button("닫기", { onClick: () => modal.close() }),
      button(TITLE, { kind: "primary", isDanger: true, onClick: () => start() }),
    ],
  });
  const start = () => {
    const markets = boxes.filter(({ input }) => input.checked).map(({ input }) => input.value);
    const scope = SCOPES[option];
    if (scope !== "everywhere" && !markets.length) return toast("warning", "마켓을 선택해 주세요.");
    work = new BulkWork(modal, {
      verb: "삭제",
      keys: products.map(({ key }) => key),
      path: (key) => `/api/products/${key}/bulk-delete`,
      body: { scope, markets },
      doneText: "모든 상품 삭제가 완료됐습니다.",
    });
    return work.run();
  };
  modal.open();
}
