// The app: decides between sign-in and the inner pages, as a single-page app does.

import { removeOverlays } from "./antd/overlay.js";
import { removeDropdowns } from "./antd/select.js";
import { loadChat } from "./chat.js";
import { call, whenSignedOut } from "./net.js";
import { showPopups } from "./popups.js";
import { signInPage } from "./pages/signin.js";
import { shell } from "./pages/shell.js";

const root = document.getElementById("root");

function go(path) {
  if (location.pathname !== path) history.pushState({}, "", path);
}

function showSignIn() {
  removeOverlays();
  removeDropdowns();
  go("/signin");
  root.replaceChildren(signInPage(enter));
}

function enter(me) {
  go("/");
  root.replaceChildren(shell(me));
  showPopups(me.popups);
  loadChat();
}

async function start() {
  const me = await call("GET", "/api/me").catch(() => null);
  if (me) enter(me);
  else showSignIn();
}

whenSignedOut(showSignIn);
start();
