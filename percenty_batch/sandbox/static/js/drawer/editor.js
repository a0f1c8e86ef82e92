// The image editor: full screen, one canvas; what was translated is kept only by 수정사항 저장.

import { button } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { Modal } from "../antd/overlay.js";
import { h, later } from "../dom.js";
import { ask } from "../net.js";

const SIZE = 480;
const TRANSLATION_MS = 200; // the least time that the machine takes
let current;

/** Open the editor at one of several images; `onSave(images)` resolves to whether it was taken. */
export function openEditor({ path, images, index, onSave }) {
  current?.portal.remove();
  current = new Editor(path, images, index, onSave).modal;
}

class Editor {
  constructor(path, images, index, onSave) {
    Object.assign(this, { path, images: [...images], index, onSave });
    this.canvas = h("canvas", { id: "pCanvas", width: String(SIZE), height: String(SIZE) });
    this.thumbs = h("div.row");
    this.translate = button("원클릭 이미지 번역", { kind: "primary", onClick: () => this.translateOne() });
    this.saver = button("수정사항 저장", { onClick: () => this.save() });
    this.modal = new Modal({
      width: innerWidth,
      extraClass: "image-editor",
      title: "이미지 편집",
      isDestroyedOnClose: true,
      onRequestClose: () => this.close(),
      body: [h("div.row", this.translate, this.saver), this.thumbs, this.canvas],
    });
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.modal.open();
    this.show(index);
  }

  key(event) {
    if (event.key === "Tab") {
      event.preventDefault();
      this.show((this.index + 1) % this.images.length);
    } else if (event.key.toLowerCase() === "t" && !event.ctrlKey) this.translateOne();
  }

  show(index) {
    this.index = index;
    this.thumbs.replaceChildren(
      ...this.images.map((image, position) =>
        h("img.p_tooltip_image_editor_thumb", {
          src: image,
          alt: "",
          width: "56",
          height: "56",
          style: `border:2px solid ${position === index ? "#1677ff" : "transparent"}`,
          onclick: () => this.show(position),
        }),
      ),
    );
    this.draw(this.images[index]);
  }

  async draw(image) {
    const photo = h("img", { src: image });
    await photo.decode().catch(() => undefined);
    if (image !== this.images[this.index]) return;
    const pen = this.canvas.getContext("2d");
    pen.drawImage(photo, 0, 0, SIZE, SIZE);
    pen.fillStyle = "#fff";
    pen.fillRect(20, 20, SIZE - 40, 120);
    pen.fillStyle = "#111";
    pen.font = "bold 56px sans-serif";
    pen.fillText(caption(image), 40, 100);
    pen.font = "12px sans-serif";
    pen.fillText(String(this.index + 1), 40, 130);
  }

  async translateOne() {
    if (this.isBusy) return;
    this.setBusy(true);
    const { index } = this;
    await later(TRANSLATION_MS);
    const answer = await ask("POST", `${this.path}/translate`, { image: this.images[index] });
    if (answer) {
      this.images[index] = answer.image;
      this.show(this.index);
    }
    this.setBusy(false);
  }

  setBusy(isBusy) {
    this.isBusy = isBusy;
    this.translate.classList.toggle("ant-btn-loading", isBusy);
  }

  async save() {
    if (!(await this.onSave(this.images))) return;
    toast("success", "수정사항을 저장했습니다.");
    this.close();
  }

  close() {
    document.removeEventListener("keydown", this.keys);
    this.modal.close();
  }
}

/** What an image says: Chinese until it was translated; every third one says nothing. */
function caption(image) {
  if (image.includes("-ko")) return "여성 외투";
  return Number(/(\d+)$/.exec(image)?.[1] ?? 1) % 3 === 0 ? "" : "女士外套";
}
