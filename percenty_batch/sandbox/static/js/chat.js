// The chat widget's loader: after the page has loaded, as Channel Talk's own does.

import { h } from "./dom.js";

export function loadChat() {
  if (document.getElementById("ch-plugin-script-loader")) return;
  const src = document.documentElement.dataset.chatScript;
  document.head.append(h("script", { id: "ch-plugin-script-loader", src, async: true }));
}
