// Tabs whose panes are mounted at the first click and then stay, hidden when inactive.

import { css, h, uniqueId } from "../dom.js";

/** `keys` are the `data-node-key`s; without them the tabs are numbered. */
export function tabs({ items, keys = items.map((_, index) => String(index)), onShow }) {
  const id = uniqueId("rc-tabs-");
  const heads = items.map((title, index) => {
    const head = h(
      "div.ant-tabs-tab-btn",
      { role: "tab", id: `${id}-tab-${keys[index]}`, "aria-controls": `${id}-panel-${keys[index]}`, tabindex: "0" },
      title,
    );
    return h("div.ant-tabs-tab", { "data-node-key": keys[index], onclick: () => show(index) }, head);
  });
  const panes = items.map((_, index) =>
    h("div.ant-tabs-tabpane", {
      role: "tabpanel",
      id: `${id}-panel-${keys[index]}`,
      "aria-labelledby": `${id}-tab-${keys[index]}`,
      style: "display:none",
    }),
  );
  const show = (active) => {
    heads.forEach((head, index) => {
      head.classList.toggle("ant-tabs-tab-active", index === active);
      head.firstChild.setAttribute("aria-selected", String(index === active));
      panes[index].classList.toggle("ant-tabs-tabpane-active", index === active);
      panes[index].setAttribute("aria-hidden", String(index !== active));
      panes[index].style.display = index === active ? "" : "none";
    });
    onShow(active, panes[active]);
  };
  const element = h(
    "div.ant-tabs.ant-tabs-top",
    { class: css },
    h("div.ant-tabs-nav", { role: "tablist" }, h("div.ant-tabs-nav-wrap", h("div.ant-tabs-nav-list", heads))),
    h("div.ant-tabs-content-holder", h("div.ant-tabs-content.ant-tabs-content-top", panes)),
  );
  return { element, show };
}
