// Buttons, switches, checkboxes, radios and inputs with the DOM of Ant Design.

import { css, h, icon } from "../dom.js";

export function button(text, { kind = "default", isDanger = false, iconName, onClick, isDisabled = false } = {}) {
  const label = text && h("span", text);
  return h(
    "button.ant-btn",
    {
      type: "button",
      class: `${css} ant-btn-${kind} ${isDanger ? "ant-btn-dangerous" : ""} ${text ? "" : "ant-btn-icon-only"}`,
      disabled: isDisabled,
      onclick: onClick,
    },
    iconName && h("span.ant-btn-icon", icon(iconName)),
    label,
  );
}

/** A switch. `element.setChecked` renders; a click only tells `onChange`, as a controlled one does. */
export function toggle({ isChecked, onChange }) {
  const element = h(
    "button.ant-switch",
    { type: "button", role: "switch", class: css, onclick: () => onChange(!element.isChecked) },
    h("div.ant-switch-handle"),
    h("span.ant-switch-inner", h("span.ant-switch-inner-checked"), h("span.ant-switch-inner-unchecked")),
  );
  element.setChecked = (checked) => {
    element.isChecked = checked;
    element.setAttribute("aria-checked", String(checked));
    element.classList.toggle("ant-switch-checked", checked);
  };
  element.setChecked(isChecked);
  return element;
}

export function checkbox(text, { isChecked = false, isDisabled = false, label, onChange } = {}) {
  return choice("checkbox", text, { isChecked, isDisabled, label, onChange });
}

export function radio(text, { isChecked = false, isDisabled = false, value, group, onChange } = {}) {
  return choice("radio", text, { isChecked, isDisabled, value, group, onChange });
}

function choice(type, text, { isChecked, isDisabled, label, value, group, onChange }) {
  const input = h("input", {
    type,
    class: `ant-${type}-input`,
    "aria-label": label,
    name: group,
    value,
    onchange: () => onChange?.(input.checked),
  });
  const box = h("span", { class: `ant-${type} ant-wave-target` }, input, h("span", { class: `ant-${type}-inner` }));
  const wrapper = h("label", { class: `ant-${type}-wrapper ${css}` }, box, text && h("span", text));
  wrapper.input = input;
  wrapper.setChecked = (checked, isPartly = false) => {
    input.checked = checked;
    box.classList.toggle(`ant-${type}-checked`, checked);
    box.classList.toggle(`ant-${type}-indeterminate`, isPartly);
  };
  wrapper.setDisabled = (disabled) => {
    input.disabled = disabled;
    box.classList.toggle(`ant-${type}-disabled`, disabled);
    wrapper.classList.toggle(`ant-${type}-wrapper-disabled`, disabled);
  };
  input.addEventListener("change", () => wrapper.setChecked(input.checked));
  wrapper.setChecked(isChecked);
  wrapper.setDisabled(isDisabled);
  return wrapper;
}

/**
 * A controlled input: the state follows `input` events, blur commits it, and what was put into the
 * element without an event is lost. `count` shows n/max behind it.
 */
export function textInput({ value, max, hasCount = false, placeholder, id, type = "text", onCommit, onInput }) {
  let state = value;
  let committed = value;
  const input = h("input.ant-input", { type, class: css, value, id, placeholder, maxlength: max });
  const count = h("span.ant-input-show-count-suffix");
  const render = () => {
    if (input.value !== state) input.value = state;
    if (hasCount) count.textContent = `${state.length}/${max}`;
  };
  input.addEventListener("input", () => {
    state = input.value;
    render();
    onInput?.(state);
  });
  input.addEventListener("blur", () => {
    render();
    if (state !== committed) onCommit?.((committed = state));
  });
  const element = hasCount
    ? h("span.ant-input-affix-wrapper", { class: css }, input, h("span.ant-input-suffix", count))
    : input;
  element.setValue = (next) => {
    state = committed = next;
    render();
  };
  render();
  return element;
}

export function spinbutton({ value, onCommit }) {
  const input = h("input.ant-input-number-input", {
    role: "spinbutton",
    autocomplete: "off",
    "aria-valuenow": String(value),
    step: "1",
    value: String(value),
  });
  input.addEventListener("blur", () => {
    const next = Number(input.value);
    if (Number.isNaN(next)) input.value = String(value);
    else if (next !== value) {
      value = next;
      input.setAttribute("aria-valuenow", String(next));
      onCommit(next);
    }
  });
  return h("div.ant-input-number", { class: css }, h("div.ant-input-number-input-wrap", input));
}

export const spin = () =>
  h(
    "div.ant-spin.ant-spin-spinning",
    { "aria-live": "polite", "aria-busy": "true", class: css },
    h("span.ant-spin-dot.ant-spin-dot-spin", Array.from({ length: 4 }, () => h("i.ant-spin-dot-item"))),
  );
