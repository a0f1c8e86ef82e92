// A select whose drop-down hangs at the end of the body, with a virtual list of about 8 options.

import { css, h, icon, later, MOTION_MS, uniqueId } from "../dom.js";

const ROW_PX = 32;
const MOUNTED = 8;

/** Remove all drop-downs: the page they belong to is gone. */
export function removeDropdowns() {
  for (const element of document.querySelectorAll("body > .ant-select-portal")) element.remove();
}

export class Select {
  constructor({ options, value, placeholder, isSearchable = false, isDisabled = false, width = 150, onChange }) {
    Object.assign(this, { options, value, placeholder, isSearchable, onChange, query: "", isOpen: false, active: 0 });
    this.id = uniqueId("rc_select_");
    this.element = this.#control(width, isDisabled);
    this.#render();
  }

  setValue(value) {
    this.value = value;
    this.#render();
  }

  setDisabled(isDisabled) {
    this.input.disabled = isDisabled;
    this.element.classList.toggle("ant-select-disabled", isDisabled);
  }

  #control(width, isDisabled) {
    this.input = h("input.ant-select-selection-search-input", {
      id: this.id,
      type: "search",
      role: "combobox",
      autocomplete: "off",
      "aria-expanded": "false",
      "aria-haspopup": "listbox",
      "aria-owns": `${this.id}_list`,
      "aria-autocomplete": "list",
      "aria-controls": `${this.id}_list`,
      readonly: this.isSearchable ? undefined : "",
      unselectable: this.isSearchable ? undefined : "on",
      disabled: isDisabled,
    });
    this.item = h("span.ant-select-selection-item");
    // A focused select tells its value to screen readers in a text that nobody sees.
    const unseen = "width:0;height:0;position:absolute;overflow:hidden;opacity:0";
    this.polite = h("span", { "aria-live": "polite", style: unseen });
    const kind = this.isSearchable ? "ant-select-show-search" : "";
    const element = h(
      "div.ant-select.ant-select-outlined.ant-select-single.ant-select-show-arrow",
      { class: `${css} ${kind} ${isDisabled ? "ant-select-disabled" : ""}`, style: `width:${width}px` },
      this.polite,
      h(
        "div.ant-select-selector",
        h("span.ant-select-selection-wrap", h("span.ant-select-selection-search", this.input), this.item),
      ),
      h("span.ant-select-arrow", { unselectable: "on", "aria-hidden": "true" }, icon("down", "ant-select-suffix")),
    );
    element.addEventListener("mousedown", (event) => this.#press(event));
    this.input.addEventListener("input", () => this.#search());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("focus", () => this.#render());
    this.input.addEventListener("blur", () => (this.#close(), this.#render()));
    return element;
  }

  #press(event) {
    event.preventDefault();
    if (this.input.disabled) return;
    this.input.focus();
    if (!this.isOpen) this.#open();
    else if (!this.isSearchable) this.#close();
  }

  #open() {
    this.isOpen = true;
    this.active = Math.max(0, this.options.indexOf(this.value));
    if (!this.portal) this.#makeDropdown();
    this.dropdown.classList.remove("ant-select-dropdown-hidden", "ant-slide-up-leave");
    this.dropdown.style.display = "";
    const box = this.element.getBoundingClientRect();
    const below = box.bottom + 4 + 264 < innerHeight;
    this.dropdown.style.left = `${box.left}px`;
    this.dropdown.style.top = below ? `${box.bottom + 4}px` : `${Math.max(4, box.top - 268)}px`;
    this.dropdown.style.width = `${Math.max(box.width, 150)}px`;
    this.dropdown.classList.add("ant-slide-up-enter");
    later(MOTION_MS).then(() => this.dropdown.classList.remove("ant-slide-up-enter"));
    this.#render();
    this.holder.scrollTop = Math.max(0, this.active - 3) * ROW_PX;
    this.#renderList();
  }

  async #close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.query = this.input.value = "";
    this.#render();
    this.dropdown.classList.add("ant-slide-up-leave");
    await later(MOTION_MS);
    if (this.isOpen) return;
    this.dropdown.classList.add("ant-select-dropdown-hidden");
    this.dropdown.style.display = "none";
  }

  #makeDropdown() {
    this.listbox = h("div", { role: "listbox", id: `${this.id}_list`, style: "height:0;width:0;overflow:hidden" });
    this.inner = h("div.rc-virtual-list-holder-inner", {
      style: "display:flex;flex-direction:column;position:absolute;left:0;right:0;top:0",
    });
    this.filler = h("div", { style: "position:relative;overflow:hidden" }, this.inner);
    this.holder = h(
      "div.rc-virtual-list-holder",
      { style: `max-height:${ROW_PX * MOUNTED}px;overflow-y:hidden;overflow-anchor:none` },
      this.filler,
    );
    this.holder.addEventListener("scroll", () => this.#renderList());
    this.holder.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.holder.scrollTop += event.deltaY;
    }, { passive: false });
    this.list = h("div", this.listbox, h("div.rc-virtual-list", { style: "position:relative" }, this.holder));
    this.dropdown = h("div.ant-select-dropdown.ant-select-dropdown-placement-bottomLeft", { class: css }, this.list);
    this.dropdown.addEventListener("mousedown", (event) => event.preventDefault());
    this.portal = h("div.ant-select-portal", { style: "position:fixed;top:0;left:0;z-index:5000" }, this.dropdown);
    document.body.append(this.portal);
  }

  #search() {
    this.query = this.input.value;
    this.active = 0;
    if (!this.isOpen) this.#open();
    this.holder.scrollTop = 0;
    this.#render();
  }

  #key(event) {
    const shown = this.#shown();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (step) {
      event.preventDefault();
      if (!this.isOpen) return this.#open();
      this.active = (this.active + step + shown.length) % shown.length;
      this.holder.scrollTop = Math.max(0, this.active - 3) * ROW_PX;
      this.#renderList();
    } else if (event.key === "Enter" && this.isOpen && shown.length) this.#choose(shown[this.active]);
    return undefined;
  }

  #choose(option) {
    const isNew = option !== this.value;
    this.value = option;
    this.#close();
    if (isNew) this.onChange?.(option);
  }

  #shown() {
    const wanted = this.query.trim().toLowerCase();
    return this.options.filter((option) => option.toLowerCase().includes(wanted));
  }

  #render() {
    const isEmpty = this.value === undefined;
    this.item.className = `ant-select-selection-${isEmpty ? "placeholder" : "item"}`;
    this.item.textContent = isEmpty ? this.placeholder : this.value;
    if (isEmpty) this.item.removeAttribute("title");
    else this.item.title = this.value;
    this.polite.textContent = document.activeElement === this.input && !isEmpty ? this.value : "";
    this.item.style.visibility = this.query ? "hidden" : "visible";
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.element.classList.toggle("ant-select-open", this.isOpen);
    if (this.isOpen && this.portal) this.#renderList();
  }

  #renderList() {
    const shown = this.#shown();
    const first = Math.max(0, Math.min(Math.floor(this.holder.scrollTop / ROW_PX), shown.length - MOUNTED));
    const mounted = shown.slice(first, first + MOUNTED);
    this.filler.style.height = `${shown.length * ROW_PX}px`;
    this.inner.style.transform = `translateY(${first * ROW_PX}px)`;
    this.inner.replaceChildren(...mounted.map((option, index) => this.#option(option, first + index)));
    this.listbox.replaceChildren(...mounted.map((option, index) => this.#twin(option, first + index)));
    this.input.setAttribute("aria-activedescendant", `${this.id}_list_${this.active}`);
    this.#renderEmpty(shown.length === 0);
  }

  #option(option, index) {
    const isChosen = option === this.value;
    const state = [isChosen && "ant-select-item-option-selected", index === this.active && "ant-select-item-option-active"];
    return h(
      "div.ant-select-item.ant-select-item-option",
      {
        class: state.filter(Boolean).join(" "),
        title: option,
        "aria-selected": String(isChosen),
        onclick: () => this.#choose(option),
      },
      h("div.ant-select-item-option-content", option),
      h("span.ant-select-item-option-state", { unselectable: "on", "aria-hidden": "true" }),
    );
  }

  #twin(option, index) {
    const isChosen = String(option === this.value);
    return h(
      "div",
      { role: "option", id: `${this.id}_list_${index}`, "aria-label": option, "aria-selected": isChosen },
      option,
    );
  }

  #renderEmpty(isEmpty) {
    this.empty?.remove();
    if (!isEmpty) return;
    this.empty = h("div.ant-select-item-empty", h("div.ant-empty-description", "데이터가 없습니다"));
    this.list.append(this.empty);
  }
}
