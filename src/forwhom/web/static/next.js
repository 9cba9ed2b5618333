// What comes next, beside the board: loaded apart so that typing never waits, and counted on the cards.
const next = document.querySelector("[data-late]");
const fold = document.getElementById("next-fold");
const KEPT = "forwhom-next";
let wait = 0;
let asking = false;
let again = false;

async function load() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch(next.dataset.late, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    htmx.swap({ target: next, swap: "innerMorph", text: await answer.text() });
    document.getElementById("next-count").textContent = next.firstElementChild?.dataset.number ?? "";
    mark();
  } catch { soon(4000); } finally { asking = false; }
  if (again) { again = false; soon(400); }
}
function soon(after) { clearTimeout(wait); wait = setTimeout(load, after); }

// A count on each card that something is said of, a link to the first of it.
function mark() {
  document.querySelectorAll(".note > .todo").forEach((one) => one.remove());
  next.querySelectorAll("[data-for]").forEach((one) => {
    document.getElementById(one.dataset.for)?.append(one.firstElementChild.cloneNode(true));
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-card], a[data-todo]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.card) {
    const card = document.getElementById(link.dataset.card);
    if (!card) return;
    event.preventDefault();
    focus(card.querySelector(".go") ?? card, card);
  } else {
    event.preventDefault();
    if (fold) fold.open = true;
    const first = next.querySelector(`[data-card="${link.dataset.todo}"]`);
    first?.closest("details:not(.aside)")?.setAttribute("open", "");
    if (first) focus(first, first.closest(".advice"));
  }
});
function focus(what, around) {
  if (!what.matches("a, button")) what.tabIndex = -1;
  around.scrollIntoView({ block: "center" });
  what.focus({ preventScroll: true });
  around.classList.add("shown");
  setTimeout(() => around.classList.remove("shown"), 2000);
}

if (next) {
  let kept = null;
  try { kept = localStorage.getItem(KEPT); } catch { /* kept nowhere: it is as at first */ }
  fold.open = kept ? kept === "open" : matchMedia("(min-width: 90rem)").matches;
  fold.addEventListener("toggle", () => { try { localStorage.setItem(KEPT, fold.open ? "open" : "closed"); } catch { /* as above */ } });
  document.body.addEventListener("converged", () => { mark(); soon(400); });
  load();
}
