// The form "Subscribe" shows what it would have sent, as it is filled in.
import { csrf } from "./console.js";

const form = document.getElementById("subscribe");
const preview = document.getElementById("preview");
let asking = null;
let waiting = 0;

async function refresh() {
  asking?.abort();
  asking = new AbortController();
  preview.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch("/subscribe/preview", {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "x-csrf-token": csrf },
      signal: asking.signal,
    });
    if (!reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    preview.replaceChildren(...page.body.childNodes);
    preview.removeAttribute("aria-busy");
  } catch {
    // another key was pressed meanwhile, or the server is away: the next change asks again
  }
}

form.addEventListener("input", (event) => {
  if (event.target.name === "url" || event.target.name === "format") return;
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 250);
});
form.addEventListener("submit", () => {
  const button = form.querySelector("button.main");
  button.disabled = true;
  button.textContent = "Asking the endpoint …";
});
