// The page "Now" keeps up: the server says that something changed, and the page asks for what it shows.
const live = document.getElementById("live");
const filters = document.getElementById("filters");
const pulse = document.getElementById("pulse");
const word = document.getElementById("pulse-word");
const news = document.getElementById("news");
let address = new URL(location.href);
let asking = null;
let waiting = 0;

function show(state, text) {
  pulse.dataset.state = state;
  if (word.textContent !== text) word.textContent = text;
}

function seen(where = live) {
  return new Map([...where.querySelectorAll("[data-id]")].map((row) => [row.dataset.id, row.dataset.revision]));
}

async function refresh({ quiet = false, missed = false } = {}) {
  asking?.abort();
  asking = new AbortController();
  const url = new URL(address);
  url.searchParams.set("fragment", "1");
  let body;
  try {
    const reply = await fetch(url, { signal: asking.signal, headers: { accept: "text/html" } });
    if (reply.status === 401) return location.reload();
    if (!reply.ok) return;
    body = await reply.text();
  } catch {
    return;
  }
  const before = seen();
  const focused = document.activeElement?.id;
  const page = new DOMParser().parseFromString(body, "text/html");
  if (missed && JSON.stringify([...before]) === JSON.stringify([...seen(page)])) return;
  live.replaceChildren(...page.body.childNodes);
  if (focused && live.querySelector("#" + CSS.escape(focused))) document.getElementById(focused).focus({ preventScroll: true });
  if (quiet) return;
  const fresh = [...live.querySelectorAll("[data-id]")].filter((row) => before.get(row.dataset.id) !== row.dataset.revision);
  for (const row of fresh) row.classList.add("fresh");
  if (fresh.length) {
    const first = fresh[0].querySelector("h2").textContent;
    news.textContent = fresh.length === 1 ? `New: ${first}` : `${fresh.length} new, the first: ${first}`;
  }
}

function soon(how) {
  // Many alerts at once are one change of the page.
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 250, how);
}

if (pulse) {
  const source = new EventSource("/live");
  source.addEventListener("open", () => {
    show("on", "live");
    soon({ missed: true }); // what came between this page and the stream, or while it was away
  });
  source.addEventListener("error", () => show("off", "reconnecting"));
  for (const kind of ["created", "updated", "ended", "withdrawn"]) source.addEventListener("alert." + kind, () => soon());
  // Times are told as how long ago they were.
  setInterval(() => refresh({ quiet: true }), 60_000);
}

function filter() {
  address = new URL("/", location.href);
  for (const [name, value] of new FormData(filters)) if (value) address.searchParams.set(name, value);
  history.replaceState(null, "", address);
  refresh({ quiet: true });
}
let typing = 0;
filters.addEventListener("change", filter);
filters.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  clearTimeout(typing);
  typing = setTimeout(filter, 300);
});
filters.addEventListener("submit", (event) => {
  event.preventDefault();
  filter();
});
