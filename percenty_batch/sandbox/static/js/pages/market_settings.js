// 마켓 설정: nine tabs, each with its market's keys.

import { button, spin, textInput } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { Drawer, Modal } from "../antd/overlay.js";
import { Select } from "../antd/select.js";
import { tabs } from "../antd/tabs.js";
import { css, h, hashed } from "../dom.js";
import { ask } from "../net.js";

const PROFILE = "11번가 배송 프로필 추가";
export const MARKETS = [
  { key: "cp", title: "쿠팡", fields: { id: "쿠팡 Wing 아이디", code: "업체코드", access: "Access Key", secret: "Secret Key" } },
  { key: "ss", title: "스마트스토어", fields: { id: "API 연동용 판매자 ID" } },
  { key: "esm", title: "옥션/G마켓 (ESM 2.0)", fields: { auction: "옥션 판매자 아이디", gmarket: "G마켓 판매자 아이디" } },
  { key: "est", title: "11번가-일반", fields: { api: "11번가 OPEN API KEY" } },
  { key: "est_global", title: "11번가-글로벌", fields: { api: "11번가 글로벌 OPEN API KEY" } },
  { key: "lotteon", title: "롯데온", fields: { api: "롯데온 API 인증키" } },
  { key: "kakao", title: "톡스토어", fields: { url: "톡스토어 판매자 스토어 URL", api: "판매자 API 인증키" } },
  { key: "ip", title: "인터파크", fields: { api: "인터파크 API 인증키" } },
  { key: "wmp", title: "위메프", fields: { api: "위메프 API 인증키" } },
];

let overlays = [];

export function marketSettings() {
  for (const each of overlays) each.portal.remove();
  overlays = [];
  return new MarketSettings().element;
}

class MarketSettings {
  constructor() {
    this.body = h("div.panel", { class: hashed("markets") }, spin());
    this.element = h("div.page", h("span.H5Bold16.CharacterTitle85", "마켓 설정"), this.body);
    this.load();
  }

  async load() {
    const told = await ask("GET", "/api/markets");
    if (!told) return;
    this.carriers = told.carriers;
    const panes = MARKETS.map((market) => new MarketPane(market, told.markets[market.key], told.carriers));
    const { element, show } = tabs({
      items: MARKETS.map(({ title }) => title),
      keys: MARKETS.map(({ key }) => key),
      onShow: (index, pane) => pane.firstChild ?? pane.append(panes[index].element),
    });
    this.body.replaceChildren(element);
    show(0);
  }
}

class MarketPane {
  constructor(market, state, carriers) {
    Object.assign(this, { market, carriers, path: `/api/markets/${market.key}` });
    this.badge = h("span.ant-tag", { class: css });
    this.profile = h("div.row");
    this.inputs = Object.fromEntries(
      Object.keys(market.fields).map((name) => [name, textInput({ value: "", placeholder: "미설정" })]),
    );
    const fields = Object.entries(market.fields).map(([name, label]) =>
      h("div.field", { class: hashed("field") }, h("span.Body3Regular14", label), this.inputs[name]),
    );
    this.verifier = button("API 검증", { kind: "primary", onClick: () => this.verify() });
    const disconnecter = button("API 연결 끊기", { isDanger: true, onClick: () => this.askToDisconnect() });
    this.element = h(
      "div.market",
      h("div.row", h("span.Body2Medium14", `${market.title} API 설정`), this.badge),
      fields,
      h("div.row", this.verifier, disconnecter),
      this.profile,
    );
    this.render(state);
  }

  render({ values, is_verified: isVerified, carrier }) {
    this.badge.textContent = isVerified ? "검증 완료" : "검증 필요";
    this.badge.classList.toggle("ant-tag-success", isVerified);
    for (const [name, input] of Object.entries(this.inputs)) input.setValue(values[name] ?? "");
    if (this.market.key !== "est") return;
    const made = carrier ? h("span", `기본 배송 프로필 · ${carrier}`) : h("span", "등록된 배송 프로필이 없습니다.");
    this.profile.replaceChildren(made, button("배송 프로필 추가", { onClick: () => this.askForProfile() }));
  }

  async verify() {
    const values = Object.fromEntries(Object.entries(this.inputs).map(([name, input]) => [name, input.value]));
    this.verifier.classList.add("ant-btn-loading");
    const answer = await ask("POST", `${this.path}/verify`, values);
    this.verifier.classList.remove("ant-btn-loading");
    if (!answer) return;
    toast("success", "API 검증이 완료되었습니다.");
    this.render(answer);
  }

  askToDisconnect() {
    const confirm = button("API 연결 끊기", { kind: "primary", isDanger: true, onClick: () => disconnect() });
    const modal = new Modal({
      title: "API 연결 끊기",
      width: 420,
      body: [h("p", `${this.market.title}의 API 연결을 끊습니다.`)],
      footer: [button("취소", { onClick: () => modal.close() }), confirm],
    });
    const disconnect = async () => {
      confirm.classList.add("ant-btn-loading");
      const answer = await ask("POST", `${this.path}/disconnect`);
      confirm.classList.remove("ant-btn-loading");
      if (answer) this.render((await ask("GET", "/api/markets")).markets[this.market.key]);
      if (answer && !answer.stays) modal.close();
    };
    overlays.push(modal.open());
  }

  askForProfile() {
    let chosen = "";
    const select = new Select({ options: this.carriers, value: "", width: 240, onChange: (carrier) => choose(carrier) });
    const choose = (carrier) => {
      chosen = carrier;
      select.setValue(carrier);
    };
    const make = async () => {
      const answer = await ask("POST", `${this.path}/profile`, { carrier: chosen });
      if (!answer) return;
      toast("success", "배송 프로필을 만들었습니다.");
      drawer.close();
      this.render(answer);
    };
    const drawer = new Drawer({
      title: PROFILE,
      width: "480px",
      body: [h("div.field", h("span.Body3Regular14", "출고 택배사"), select.element)],
      footer: [button("배송프로필 만들기", { kind: "primary", onClick: make })],
    });
    overlays.push(drawer.open());
  }
}
