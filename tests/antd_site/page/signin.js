function SignIn() {
  const [form] = antd.Form.useForm();
  const [busy, setBusy] = useState(false);
  const [captcha, setCaptcha] = useState(false);

  const refuse = (error) => {
    if (error.code === "captcha") return setCaptcha(true);
    if (option.sign_in_failure === "toast") return antd.message.error(error.message);
    if (option.sign_in_failure === "modal") return antd.Modal.error({ title: "로그인 실패", content: error.message, okText: "확인" });
    return form.setFields([{ name: "password", errors: [error.message] }]);
  };
  const submit = async (values) => {
    setBusy(true);
    try {
      const { token } = await call("POST", "/sign-in", { email: values.email, password: values.password });
      tokens.write(token);
      goTo("/");
    } catch (error) {
      refuse(error);
    } finally {
      setBusy(false);
    }
  };

  return h("div", { style: { maxWidth: 360, margin: "80px auto" } },
    h("h1", null, "퍼센티 로그인"),
    // Explicit ids, so that the inputs are #email and #password as on the real site.
    h(antd.Form, { form, layout: "vertical", onFinish: submit },
      h(antd.Form.Item, { name: "email" }, h(antd.Input, { id: "email", placeholder: "이메일", autoComplete: "username" })),
      h(antd.Form.Item, { name: "password" }, h(antd.Input.Password, { id: "password", placeholder: "비밀번호" })),
      captcha && h(antd.Form.Item, { label: "자동 로그인 방지를 위해 보안문자를 입력해주세요." },
        h("img", { src: "/page/picture.svg", alt: "captcha", height: 40 }),
        h(antd.Input, { placeholder: "보안문자 입력" })),
      h(antd.Form.Item, { name: "saveId", valuePropName: "checked" }, h(antd.Checkbox, { id: "saveId" }, "아이디 저장")),
      h(antd.Button, { type: "primary", htmlType: "submit", block: true, loading: busy }, "이메일 로그인")));
}
