// What lies over the page after a sign-in: marketing dialogs and the chat widget.
function Popups() {
  const [open, setOpen] = useState([]);
  const close = (number) => setOpen((now) => now.filter((n) => n !== number));

  useEffect(() => {
    const timer = setTimeout(() => setOpen(Array.from({ length: option.popups }, (_, n) => n)), option.popup_delay_s * 1000);
    return () => clearTimeout(timer);
  }, []);

  return Array.from({ length: option.popups }, (_, number) => h(antd.Modal, {
    key: number,
    open: open.includes(number),
    title: ["신규 기능 안내", "이벤트 안내", "점검 안내"][number % 3],
    width: 460 + number * 40,
    maskClosable: false,
    destroyOnClose: destroyed,
    onCancel: () => close(number),
    footer: [
      h(antd.Button, { key: "never", type: "text", onClick: () => close(number) }, "다시 보지 않기"),
      h(antd.Button, { key: "close", type: "primary", onClick: () => close(number) }, "닫기"),
    ],
  }, h("p", null, "퍼센티의 새로운 소식을 확인해 보세요.")));
}

function startChat() {
  if (option.widget === "off" || document.getElementById("ch-plugin")) return;
  if (option.widget === "always") return drawChat();
  const script = document.createElement("script");
  script.id = "ch-plugin-script";
  script.src = "https://cdn.channel.io/plugin/ch-plugin-web.js";
  script.onload = drawChat;
  document.head.append(script);
}

function drawChat() {
  const widget = document.createElement("div");
  widget.id = "ch-plugin";
  widget.innerHTML = '<div class="ch-desk-messenger"><div class="ch-launcher"></div></div>';
  document.body.append(widget);
}
