// The frame of the signed-in app: header, side menu, and the page of the chosen menu.

import { removeDropdowns } from "../antd/select.js";
import { css, h, hashed, icon } from "../dom.js";
import { groupProducts } from "./group_products.js";
import { marketSettings } from "./market_settings.js";
import { menu } from "./menu.js";
import { collectedProducts, managedProducts } from "./product_lists.js";

const PAGES = {
  PRODUCT_GROUP: groupProducts,
  PRODUCT_REGISTER: collectedProducts,
  PRODUCT_MANAGE: managedProducts,
  MARKET_SETTING: marketSettings,
};

export function shell(me) {
  const content = h("main.ant-layout-content", { class: hashed("content") });
  const side = menu((key, text) => {
    removeDropdowns();
    content.replaceChildren(pageOf(key, text, me));
  });
  side.select("HOME", "퍼센티 홈");
  const who = [h("span.ant-typography", me.name), h("span.ant-typography", me.email), icon("user")];
  const header = h("header.ant-layout-header", h("span.logo", "percenty"), h("div", { class: hashed("account") }, who));
  const main = h("section.ant-layout", { class: css }, header, content);
  return h("section.ant-layout.ant-layout-has-sider", { class: css }, side.element, main);
}

function pageOf(key, text, me) {
  if (PAGES[key]) return PAGES[key](me);
  const welcome = key === "HOME" ? `${me.name}님, 오늘도 좋은 하루 보내세요!` : "준비 중인 화면입니다.";
  return h("div.page", h("span.H5Bold16.CharacterTitle85", text), h("p.Body3Regular14", welcome));
}
