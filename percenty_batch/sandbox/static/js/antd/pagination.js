// Pagination: li titles 이전 페이지, 1, 2 …, 다음 페이지.

import { css, h, icon } from "../dom.js";

export function pagination({ total, page, size, onPage }) {
  const last = Math.max(1, Math.ceil(total / size));
  const arrow = (kind, title, iconName, target) => {
    const isDisabled = target < 1 || target > last;
    return h(
      "li",
      {
        title,
        class: `ant-pagination-${kind} ${isDisabled ? "ant-pagination-disabled" : ""}`,
        "aria-disabled": String(isDisabled),
        tabindex: "0",
        onclick: () => isDisabled || onPage(target),
      },
      h("button.ant-pagination-item-link", { type: "button", tabindex: "-1", disabled: isDisabled }, icon(iconName)),
    );
  };
  const number = (n) =>
    h(
      "li.ant-pagination-item",
      {
        title: String(n),
        class: `ant-pagination-item-${n} ${n === page ? "ant-pagination-item-active" : ""}`,
        tabindex: "0",
        onclick: () => n === page || onPage(n),
      },
      h("a", { rel: "nofollow" }, String(n)),
    );
  return h(
    "ul.ant-pagination",
    { class: css },
    arrow("prev", "이전 페이지", "left", page - 1),
    Array.from({ length: last }, (_, index) => number(index + 1)),
    arrow("next", "다음 페이지", "right", page + 1),
  );
}
