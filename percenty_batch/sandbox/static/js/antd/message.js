// Toasts: `.ant-message-notice` at the top, gone after three seconds.

import { css, h, icon, later, MOTION_MS } from "../dom.js";

const SHOWN_MS = 3000;
const ICONS = { success: "check-circle", error: "close-circle", warning: "exclamation-circle" };

export async function toast(kind, text) {
  const content = h(
    "div.ant-message-custom-content",
    { class: `ant-message-${kind}` },
    icon(ICONS[kind]),
    h("span", text),
  );
  const notice = h(
    "div.ant-message-notice-wrapper",
    h("div.ant-message-notice", { class: css }, h("div.ant-message-notice-content", content)),
  );
  holder().append(notice);
  await later(SHOWN_MS);
  notice.classList.add("ant-move-up-leave");
  await later(MOTION_MS);
  notice.remove();
}

function holder() {
  const known = document.querySelector("body > .ant-message");
  if (known) return known;
  const made = h("div.ant-message.ant-message-top", { class: css });
  document.body.append(made);
  return made;
}
