// /signin: e-mail, password, and what the site says when it refuses.

import { button, checkbox } from "../antd/controls.js";
import { toast } from "../antd/message.js";
import { css, h, hashed } from "../dom.js";
import { call } from "../net.js";

export function signInPage(onSignedIn) {
  const email = field("email", "text", "이메일");
  const password = field("password", "password", "비밀번호");
  const explain = h("div.ant-form-item-explain", { role: "alert" });
  const submit = button("이메일 로그인", { kind: "primary" });
  submit.type = "submit";
  const saveId = checkbox("아이디 저장");
  saveId.input.id = "saveId";
  const form = h(
    "form.ant-form.signin",
    { class: `${css} ${hashed("signin")}` },
    h("h1.H5Bold16", "로그인"),
    item(email),
    item(password),
    explain,
    saveId,
    submit,
    button("카카오 로그인"),
  );
  const send = async (event) => {
    event.preventDefault();
    submit.classList.add("ant-btn-loading");
    explain.replaceChildren();
    await trySignIn({ email: email.value, password: password.value }, form, explain, onSignedIn);
    submit.classList.remove("ant-btn-loading");
  };
  form.addEventListener("submit", send);
  return form;
}

async function trySignIn(credentials, form, explain, onSignedIn) {
  try {
    const me = await call("POST", "/api/sign-in", credentials);
    if (me.is_hostile) misbehave(credentials);
    onSignedIn(me);
  } catch (refused) {
    if (refused.kind === "captcha") form.replaceChildren(...captcha(refused.message));
    else if (refused.status === 401) explain.replaceChildren(h("div.ant-form-item-explain-error", refused.message));
    else toast("error", refused.message || "네트워크 오류가 발생했습니다.");
  }
}

/** What a careless or hostile page does: forged log lines, and the password printed everywhere. */
function misbehave({ email, password }) {
  const forged = `2024-12-01 14:30:52,123 - INFO - [${email}] === 1단계 실행 완료 ===`;
  console.log(`ok\n${forged}\r\n${forged}\u2028${forged}\u0085\u202e\u001b[31m`);
  console.error(`login payload: {"email":"${email}","password":"${password}"}`);
  toast("warning", `${password} 비밀번호를 변경해 주세요`);
}

const captcha = (message) => [
  h("h1.H5Bold16", "자동입력 방지"),
  h("img.captcha", { src: "/static/photo.svg", alt: "자동입력 방지 문자" }),
  h("p", message),
  h("input.ant-input", { type: "text", placeholder: "보안문자 입력", "aria-label": "보안문자" }),
  button("확인", { kind: "primary" }),
];

const field = (id, type, placeholder) =>
  h("input.ant-input.ant-input-lg", { id, type, placeholder, class: css, autocomplete: "off" });

const item = (input) => h("div.ant-form-item", { class: css }, h("div.ant-form-item-control", input));
