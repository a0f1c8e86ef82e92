// The side menu: keys as on the site. Items with an icon carry its label in their name.

import { css, h, icon } from "../dom.js";

const MENU = [
  { key: "HOME", text: "퍼센티 홈", icon: "home" },
  { key: "AI 상품명 특강", text: "AI 상품명 특강", icon: "fire" },
  { key: "SELLER_CALENDAR", text: "셀러 캘린더", icon: "calendar" },
  {
    text: "상품 관리",
    icon: "shopping",
    items: [
      { key: "AI_PRODUCT_SOURCING", text: "AI 소싱" },
      { key: "PRODUCT_REGISTER", text: "신규 상품 등록" },
      { key: "PRODUCT_MANAGE", text: "등록 상품 관리" },
      { key: "PRODUCT_GROUP", text: "그룹 상품 관리" },
    ],
  },
  {
    text: "주문 관리",
    icon: "shopping-cart",
    items: [
      { key: "ORDER_MANAGE", text: "상품 주문 관리" },
      { key: "CUSTOMER_INQUIRY", text: "고객 문의 관리" },
      { key: "CUSTOMS_CODE", text: "통관고유부호 조회" },
      { key: "PACKAGE_FORWARD", text: "배송대행지" },
    ],
  },
  { key: "ANALYTICS_MANAGE", text: "퍼센티 애널리틱스", icon: "line-chart" },
  { key: "TAX_JUSTIFICATION", text: "구매대행 장부", icon: "account-book" },
  { key: "PERCENTY_SCHOOL", text: "퍼센티 스쿨 NEW", icon: "read" },
  {
    text: "업로드 설정",
    icon: "upload",
    items: [
      { key: "BASIC_SETTING", text: "기본 업로드 설정" },
      { key: "MARKET_SETTING", text: "마켓 설정" },
      { key: "PROHIBIT_WORD", text: "키워드 / 단어 설정" },
    ],
  },
  { key: "NOTICE_LIST", text: "공지사항", icon: "notification" },
  {
    text: "설정",
    icon: "user",
    items: [
      { key: "SETTINGS", text: "이용정보 / 설정" },
      { key: "EMPLOYEE_MANAGE", text: "관리자/직원 계정 설정" },
    ],
  },
  {
    text: "진행중 이벤트",
    icon: "gift",
    items: ["연간권 할인", "친구 초대", "후기 이벤트", "제휴 혜택"].map((text) => ({ key: text, text })),
  },
];

export function menu(onSelect) {
  const prefix = `rc-menu-uuid-${document.documentElement.dataset.build}-1`;
  const items = [];
  const item = ({ key, text, icon: name }) => {
    const element = h(
      "li.ant-menu-item",
      { role: "menuitem", tabindex: "-1", "data-menu-id": `${prefix}-${key}`, onclick: () => select(key, text) },
      name && icon(name, "ant-menu-item-icon"),
      h("span.ant-menu-title-content", text),
    );
    items.push([key, element]);
    return element;
  };
  const select = (key, text) => {
    for (const [known, element] of items) element.classList.toggle("ant-menu-item-selected", known === key);
    onSelect(key, text);
  };
  const entries = MENU.map((entry) => (entry.items ? submenu(entry, prefix, item) : item(entry)));
  const kind = "ul.ant-menu.ant-menu-root.ant-menu-inline.ant-menu-light";
  const list = h(kind, { role: "menu", tabindex: "0", class: css }, entries);
  return { element: h("aside.ant-layout-sider", h("div.ant-layout-sider-children", list)), select };
}

function submenu({ text, icon: name, items }, prefix, item) {
  const list = h("ul.ant-menu.ant-menu-sub.ant-menu-inline", { role: "menu" }, items.map(item));
  const title = h(
    "div.ant-menu-submenu-title",
    {
      role: "menuitem",
      tabindex: "-1",
      "aria-expanded": "true",
      "aria-haspopup": "true",
      "data-menu-id": `${prefix}-${text}`,
      onclick: () => {
        const isOpen = title.getAttribute("aria-expanded") !== "true";
        title.setAttribute("aria-expanded", String(isOpen));
        list.style.display = isOpen ? "" : "none";
      },
    },
    icon(name, "ant-menu-item-icon"),
    h("span.ant-menu-title-content", text),
    h("i.ant-menu-submenu-arrow"),
  );
  return h("li.ant-menu-submenu.ant-menu-submenu-inline.ant-menu-submenu-open", { role: "none" }, title, list);
}
