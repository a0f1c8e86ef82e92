// A stand-in for the chat widget: a launcher and a marketing pop-up over the float buttons.

(() => {
  const plugin = document.createElement("div");
  plugin.id = "ch-plugin";
  plugin.style.cssText = "position:fixed;right:0;bottom:0;z-index:101";
  plugin.innerHTML =
    '<div id="ch-plugin-script" class="ch-desk-messenger">' +
    '<iframe id="ch-plugin-script-iframe" title="Channel chat" ' +
    'style="width:90px;height:90px;border:0;background:#f4b;border-radius:45px"></iframe></div>';
  const popup = document.createElement("div");
  popup.className = "PCFullscreenPopupContentstyled__Wrapper-ch-front";
  popup.style.cssText =
    "position:fixed;right:16px;bottom:16px;width:320px;height:420px;z-index:10001;background:#fff;" +
    "border-radius:16px;box-shadow:0 8px 40px #0004;padding:24px";
  popup.innerHTML =
    '<button type="button" class="PopupCloseBtn__CloseButton-ch-front">×</button><p>신규 기능을 만나보세요</p>';
  popup.querySelector("button").onclick = () => popup.remove();
  document.body.append(plugin, popup);
})();
