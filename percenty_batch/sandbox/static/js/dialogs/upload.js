// 업로드: the dialog that uploads the selected products to markets.

import { button, checkbox } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { confirm, Modal } from "../antd/overlay.js";
import { h } from "../dom.js";
import { ask } from "../net.js";
import { MARKETS } from "../pages/market_settings.js";
import { BulkWork } from "./progress.js";

const TITLE = "선택 상품 일괄 업로드";
const MOST = 50;

/** Open the dialog for these products. The list is not loaded anew by it. */
export async function openUpload(products) {
  const told = await ask("GET", "/api/markets");
  if (!told) return;
  const boxes = MARKETS.map(({ key, title }) => {
    const isConnected = told.markets[key].is_verified;
    const box = checkbox(title, { isChecked: isConnected, isDisabled: !isConnected });
    box.input.id = key;
    return box;
  });
  let work;
  const modal = new Modal({
    title: TITLE,
    width: 640,
    isDestroyedOnClose: true,
    onRequestClose: () => (work ? work.abort() : modal.close()),
    body: [h("p", `선택 ${products.length}개 상품`), h("div.ant-checkbox-group", boxes)],
    footer: [button("닫기", { onClick: () => modal.close() }), button(TITLE, { kind: "primary", onClick: () => start() })],
  });
  const start = async () => {
    const markets = boxes.filter(({ input }) => input.checked).map(({ input }) => input.id);
    if (!markets.length) return toast("warning", "업로드할 마켓을 선택해 주세요.");
    if (products.length > MOST) return toast("warning", `한 번에 ${MOST}개를 초과하여 업로드할 수 없습니다.`);
    const raw = products.filter(({ memo }) => !memo.endsWith("-S")).length;
    if (raw && !(await askAboutRaw(raw))) return undefined;
    work = new BulkWork(modal, {
      verb: "업로드",
      keys: products.map(({ key }) => key),
      path: (key) => `/api/products/${key}/upload`,
      body: { markets },
      doneText: "모든 업로드가 완료됐습니다.",
    });
    return work.run();
  };
  modal.open();
}

const askAboutRaw = (count) =>
  confirm({
    title: "편집하지 않은 상품",
    content: `편집하지 않은 상품이 ${count}개 있습니다. 그대로 업로드할까요?`,
    ok: "업로드",
    cancel: "취소",
  });
