// The forms "Subscribe" and "Change" show what they would have sent, as they are filled in.
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
    complain(page.querySelector("[data-field]"));
    preview.replaceChildren(...page.body.childNodes);
    preview.removeAttribute("aria-busy");
  } catch {
    // another key was pressed meanwhile, or the server is away: the next change asks again
  }
}

// What is wrong is said at its field too; what was wrong before and is mended falls silent.
function complain(wrong) {
  for (const said of form.querySelectorAll("[data-said]:not([data-said=url])")) {
    const here = said.dataset.said === wrong?.dataset.field;
    said.hidden = !here;
    said.textContent = here ? wrong.textContent : "";
    for (const input of form.querySelectorAll(`[aria-describedby="${said.id}"]`)) {
      input.toggleAttribute("aria-invalid", here);
      if (here) input.setAttribute("aria-invalid", "true");
    }
  }
}

form.addEventListener("input", (event) => {
  if (event.target.name === "url") return;
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 250);
});
form.addEventListener("submit", () => {
  const button = form.querySelector("button.main");
  button.disabled = true;
  button.textContent = button.dataset.busy;
});
