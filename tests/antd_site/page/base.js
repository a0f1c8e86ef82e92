// What every part of the page uses: element maker, options, and the calls to the server.
const h = React.createElement;
const { useCallback, useEffect, useRef, useState } = React;
const option = window.OPTIONS;

const tokens = {
  cookie: {
    read: () => (document.cookie.match(/(?:^|; )percenty=([^;]*)/) || [])[1] || "",
    write: (token) => { document.cookie = `percenty=${encodeURIComponent(token)}; path=/`; },
    forget: () => { document.cookie = "percenty=; path=/; max-age=0"; },
  },
  local: storageToken(window.localStorage),
  session: storageToken(window.sessionStorage),
}[option.sign_in_store];

function storageToken(storage) {
  return {
    read: () => storage.getItem("percenty") || "",
    write: (token) => storage.setItem("percenty", encodeURIComponent(token)),
    forget: () => storage.removeItem("percenty"),
  };
}

async function call(method, path, body) {
  const answer = await fetch(`/api${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: decodeURIComponent(tokens.read()) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const data = await answer.json();
  if (answer.status === 401) {
    tokens.forget();
    goTo("/signin");
    return new Promise(() => {}); // the page that asked is gone
  }
  if (!answer.ok) throw Object.assign(new Error(data.message), { status: answer.status, code: data.code });
  return data;
}

function goTo(path) {
  window.history.pushState({}, "", path);
  window.dispatchEvent(new Event("popstate"));
}

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const icon = (name) => h(icons[name]);
const destroyed = option.closed_dialogs === "destroyed";
const notify = {
  success: (text) => option.toasts === "shown" && antd.message.success(text),
  error: (text) => antd.message.error(text),
};
const decoration = (name) => (option.button_icons === "shown" ? icon(name) : undefined);
const otherOrigin = window.location.origin.replace("127.0.0.1", "localhost");
const pictureOrigin = option.pictures === "other_origin" ? otherOrigin : "";
const picture = (image) => `${pictureOrigin}/pictures/${encodeURIComponent(image)}.svg`;

// Ask again and again until the answer is not running any more; `show` sees each answer.
async function follow(path, show) {
  for (;;) {
    const state = await call("GET", path);
    show(state);
    if (!state.running) return state;
    await pause(0.25);
  }
}
