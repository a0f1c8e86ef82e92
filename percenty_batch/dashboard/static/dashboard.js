// What the pages do more where scripts run: they follow a run and a log, and take the token from
// the address. Everything is set as text, never as markup.

const MOST_LINES = 1000;

function signIn(form) {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.token.value = token;
  form.requestSubmit();
}

function showFigures(values) {
  for (const [name, text] of Object.entries(values)) {
    for (const place of document.querySelectorAll(`[data-live="${name}"]`)) place.textContent = text;
  }
}

function showRows(rows) {
  for (const [number, news] of Object.entries(rows)) {
    const row = document.querySelector(`[data-row="${number}"]`);
    if (!row) continue;
    row.querySelector("progress").value = news.value;
    row.querySelector("[data-cell=state]").dataset.kind = news.kind;
    for (const [name, text] of Object.entries(news.cells)) {
      row.querySelector(`[data-cell="${name}"]`).textContent = text;
    }
  }
}

function showLines(log, { anew, lines }) {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  if (anew) log.replaceChildren();
  for (const { level, text } of lines) {
    const item = document.createElement("li");
    if (level) item.dataset.level = level;
    item.textContent = text;
    log.append(item);
  }
  while (log.childElementCount > MOST_LINES) log.firstElementChild.remove();
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

function follow(place) {
  const source = new EventSource(place.dataset.events);
  const log = document.querySelector("[data-log]");
  const told = (name, show) => source.addEventListener(name, (e) => show(JSON.parse(e.data)));
  told("figures", showFigures);
  told("rows", showRows);
  told("lines", (news) => showLines(log, news));
  told("end", (text) => {
    source.close();
    const end = document.querySelector("[data-end]");
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = "새로 고치기";
    end.replaceChildren(`${text} `, again);
  });
  addEventListener("pagehide", () => source.close());
}

for (const form of document.querySelectorAll("[data-sign-in]")) {
  signIn(form);
  addEventListener("hashchange", () => signIn(form)); // the link, opened on this very page
}
for (const log of document.querySelectorAll("[data-log]")) log.scrollTop = log.scrollHeight;
for (const place of document.querySelectorAll("[data-events]")) follow(place);
