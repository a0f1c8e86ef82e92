// Marketing dialogs after sign-in, stacked; "do not show again" is kept by the browser.

import { button } from "./antd/controls.js";
import { Modal } from "./antd/overlay.js";
import { h, later } from "./dom.js";

const GAP_MS = 150;

export async function showPopups(count) {
  for (let number = 1; number <= count; number += 1) {
    if (localStorage.getItem(`popup-${number}`)) continue;
    await later(GAP_MS);
    popup(number).open();
  }
}

function popup(number) {
  const hide = () => {
    localStorage.setItem(`popup-${number}`, "hidden");
    modal.close();
  };
  const modal = new Modal({
    width: 440,
    body: [
      h("img", { src: "/static/photo.svg", alt: "", width: "390" }),
      h("p.H5Bold16", `퍼센티 이벤트 ${number}탄! 연간 이용권 할인`),
    ],
    footer: [
      button("다시 보지 않기", { kind: "text", onClick: hide }),
      button("닫기", { kind: "primary", onClick: () => modal.close() }),
    ],
  });
  return modal;
}
