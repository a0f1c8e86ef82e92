// The smallest thing that makes elements: h("button.ant-btn", {onclick}, "확인").

const build = document.documentElement.dataset.build;

/** Class names that mean nothing and differ in every build, as styled-components makes them. */
export const hashed = (name) => {
  let sum = 7;
  for (const letter of build + name) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  const word = sum.toString(36);
  return `sc-${word}${build.slice(0, 2)} ${word.replace(/[0-9]/g, "q")}`;
};

/** The hash class that Ant Design puts on every component. */
export const css = `css-${build}`;

export function h(spec, ...rest) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  const hasProps = rest[0]?.constructor === Object;
  for (const [name, value] of Object.entries(hasProps ? rest.shift() : {})) set(element, name, value);
  element.append(...rest.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === null) return;
  if (name.startsWith("on")) element[name.toLowerCase()] = value;
  else if (name === "class") element.classList.add(...value.split(" ").filter(Boolean));
  else if (name in element && typeof value === "boolean") element[name] = value;
  else if (name === "value") element.value = value;
  else element.setAttribute(name, value);
}

const PATHS = {
  close: "M4 4 12 12M12 4 4 12",
  down: "M3 6 8 11 13 6",
  up: "M3 10 8 5 13 10",
  left: "M10 3 5 8 10 13",
  right: "M6 3 11 8 6 13",
  home: "M2 8 8 2.5 14 8M4 7V13.5H12V7",
  user: "M8 8A2.8 2.8 0 1 0 8 2.4 2.8 2.8 0 0 0 8 8M2.5 14C3 10 13 10 13.5 14",
  edit: "M3 13 3.6 10 10.5 3 13 5.5 6 12.4Z",
  eye: "M1.5 8C5 2.5 11 2.5 14.5 8 11 13.5 5 13.5 1.5 8M8 10A2 2 0 1 0 8 6 2 2 0 0 0 8 10",
  copy: "M6 6H13V13H6ZM3 10V3H10",
  link: "M7 9 10 6M6 6 4 8A2.8 2.8 0 0 0 8 12L9 11M7 5 8 4A2.8 2.8 0 0 1 12 8L11 9",
  "line-chart": "M2.5 2.5V13.5H14M4.5 10.5 7.5 7 9.5 9 13 5",
  "file-text": "M4 2H10L12.5 4.5V14H4ZM6 7H10.5M6 10H10.5",
  calendar: "M2.5 4H13.5V13.5H2.5ZM2.5 7H13.5M5.5 2V5M10.5 2V5",
  gift: "M3 7H13V13.5H3ZM2 4.5H14V7H2ZM8 4.5V13.5",
  upload: "M8 11V3M5 6 8 3 11 6M2.5 11V13.5H13.5V11",
  notification: "M3 6V10H6L11 13V3L6 6Z",
  shopping: "M3 5H13L12.5 13.5H3.5ZM5.5 7V4A2.5 2.5 0 0 1 10.5 4V7",
  "shopping-cart": "M1.5 3H4L5.5 10.5H12.5L14 5H4.5M6 13.5H6.5M11.5 13.5H12",
  "check-circle": "M8 14A6 6 0 1 0 8 2 6 6 0 0 0 8 14M5.5 8 7.3 10 10.7 6",
  "close-circle": "M8 14A6 6 0 1 0 8 2 6 6 0 0 0 8 14M6 6 10 10M10 6 6 10",
  "exclamation-circle": "M8 14A6 6 0 1 0 8 2 6 6 0 0 0 8 14M8 4.8V8.8M8 10.8V11.4",
};

/** An Ant Design icon: its label is part of the accessible name of whatever holds it. */
export function icon(name, extraClass = "") {
  const path = PATHS[name] ?? "M3 3H13V13H3ZM5 6H11M5 9H9";
  const span = h("span.anticon", { role: "img", "aria-label": name, class: `anticon-${name} ${extraClass}` });
  span.innerHTML =
    `<svg viewBox="0 0 16 16" width="1em" height="1em" data-icon="${name}" aria-hidden="true" fill="none" ` +
    `stroke="currentColor" stroke-width="1.4"><path d="${path}"/></svg>`;
  return span;
}

export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** How long Ant Design's opening and closing motions take. */
export const MOTION_MS = 200;

let ids = 0;
export const uniqueId = (prefix) => `${prefix}${++ids}`;
