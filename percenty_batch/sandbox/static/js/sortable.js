// Cards that are dragged as dnd-kit lets them: by pointer after a few pixels, or by keyboard.

import { h } from "./dom.js";

const ACTIVATION_PX = 5;
const HELP_ID = "DndDescribedBy-0";

/** Make the children of `box` sortable; `onMove(from, to)` is told when one was dropped elsewhere. */
export function sortable(box, onMove) {
  help();
  [...box.children].forEach((card, index) => {
    card.style.cursor = "move";
    card.style.touchAction = "none";
    const attributes = {
      role: "button",
      tabindex: "0",
      "aria-disabled": "false",
      "aria-roledescription": "sortable",
      "aria-describedby": HELP_ID,
    };
    for (const [name, value] of Object.entries(attributes)) card.setAttribute(name, value);
    card.addEventListener("pointerdown", (event) => press(event, box, card, index, onMove));
    card.addEventListener("keydown", (event) => pick(event, box, card, index, onMove));
  });
}

function press(event, box, card, index, onMove) {
  if (!event.isPrimary || event.button !== 0) return;
  const start = { x: event.clientX, y: event.clientY };
  const boxes = [...box.children].map((each) => each.getBoundingClientRect());
  let isDragging = false;
  let moved = { x: 0, y: 0 };
  const over = () => nearest(boxes, shifted(boxes[index], moved));
  const move = (next) => {
    moved = { x: next.clientX - start.x, y: next.clientY - start.y };
    if (!isDragging && Math.hypot(moved.x, moved.y) < ACTIVATION_PX) return;
    isDragging = true;
    next.preventDefault();
    card.style.transform = `translate3d(${moved.x}px, ${moved.y}px, 0)`;
  };
  const keep = (next) => next.preventDefault();
  const end = () => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    document.removeEventListener("dragstart", keep);
    card.style.transform = "";
    if (isDragging) drop(index, over(), onMove);
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
  document.addEventListener("dragstart", keep);
}

/** Space or Enter picks up, arrows go to the nearest card that way, Space or Enter drops. */
function pick(event, box, card, index, onMove) {
  if (event.target !== card || !["Space", "Enter"].includes(event.code)) return;
  event.preventDefault();
  event.stopPropagation();
  if (card.ariaPressed) return;
  card.ariaPressed = "true";
  const boxes = [...box.children].map((each) => each.getBoundingClientRect());
  let at = index;
  const key = (next) => {
    next.preventDefault();
    next.stopPropagation();
    if (["Space", "Enter", "Escape", "Tab"].includes(next.code)) {
      document.removeEventListener("keydown", key, true);
      card.ariaPressed = null;
      card.style.transform = "";
      if (next.code !== "Escape") drop(index, at, onMove);
      return;
    }
    at = beside(boxes, at, next.code);
    const { x, y } = boxes[at];
    card.style.transform = `translate3d(${x - boxes[index].x}px, ${y - boxes[index].y}px, 0)`;
  };
  setTimeout(() => document.addEventListener("keydown", key, true));
}

function drop(from, to, onMove) {
  if (from !== to) onMove(from, to);
}

const shifted = (box, { x, y }) => ({ x: box.x + x, y: box.y + y });

function nearest(boxes, place) {
  const distances = boxes.map((box) => Math.hypot(box.x - place.x, box.y - place.y));
  return distances.indexOf(Math.min(...distances));
}

function beside(boxes, at, code) {
  const here = boxes[at];
  const lies = {
    ArrowLeft: (box) => box.x < here.x && box.y === here.y,
    ArrowRight: (box) => box.x > here.x && box.y === here.y,
    ArrowUp: (box) => box.y < here.y,
    ArrowDown: (box) => box.y > here.y,
  }[code];
  if (!lies) return at;
  const those = boxes.map((box, index) => [Math.hypot(box.x - here.x, box.y - here.y), index]);
  const found = those.filter(([, index]) => lies(boxes[index])).sort(([one], [other]) => one - other);
  return found.length ? found[0][1] : at;
}

function help() {
  if (document.getElementById(HELP_ID)) return;
  document.body.append(h("div", { id: HELP_ID, style: "display:none" }, "To pick up a draggable item, press the space bar."));
}
