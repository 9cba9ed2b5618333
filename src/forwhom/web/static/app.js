// What pages need beyond links and forms: what others do appears, dialogs, moving cards, keys.
const page = document.body;
const dialog = document.getElementById("dialog");
const secret = document.querySelector('meta[name="secret"]').content;
const say = (text) => { const place = document.getElementById("said"); place.textContent = text; setTimeout(() => { if (place.textContent === text) place.textContent = ""; }, 4000); };

// On a phone the names of the pages do not fit: the one that is open is among those that are seen.
document.querySelector(".pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Every request of ours carries the secret of this session.
document.addEventListener("htmx:config:request", (event) => {
  const { headers } = event.detail.ctx.request;
  headers["X-Secret"] = secret;
  // Who has seen what another wrote, and wants their own: up to which version they saw it.
  const over = event.target.dataset?.over;
  if (over) headers["X-Over"] = over;
});

// ---- What others do: the page wants to show what the server has, and tries until it does. ----
let wanted = 0;
let asking = false;
let patience = 250;
const shown = () => Number(document.querySelector("[data-part] [data-version]")?.dataset.version ?? 0);
let fresh = 0;
// What this page has changed is shown at once, before the server tells of it.
let mine = false;

async function converge() {
  const part = document.querySelector("[data-part]");
  if (!part || asking || (fresh >= wanted && !mine) || document.querySelector(".note.taken")) return;
  asking = true;
  mine = false;
  const goal = wanted;
  try {
    const answer = await fetch(part.dataset.part, { headers: { "HX-Request": "true" } });
    if (answer.status === 404) { location.reload(); return; } // the link is closed, or the canvas gone
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    htmx.swap({ target: part, swap: "innerMorph", text });
    document.querySelectorAll("[data-version-field]").forEach((field) => { field.value = shown(); });
    fresh = Math.max(goal, shown());
    layout();
    patience = 250;
    filter();
    page.dispatchEvent(new CustomEvent("converged"));
  } catch {
    setTimeout(converge, patience);
    patience = Math.min(patience * 2, 8000);
  } finally {
    asking = false;
  }
  if (fresh < wanted) setTimeout(converge, patience);
  else if (mine) converge();
}
// In another framework, the blocks stand elsewhere.
function layout() {
  const sheet = document.getElementById("places");
  const frame = document.querySelector("[data-frame]")?.dataset.frame;
  if (!sheet || !frame) return;
  const address = `${page.dataset.base}/places.css?v=${encodeURIComponent(frame)}`;
  if (sheet.getAttribute("href") !== address) sheet.href = address;
}

let stream = null;
function listen() {
  if (!page.dataset.live || stream) return;
  stream = new EventSource(page.dataset.live);
  stream.addEventListener("moved", (event) => {
    const said = JSON.parse(event.data);
    wanted = Math.max(wanted, said.sequence);
    const here = document.getElementById("here");
    if (here) here.replaceChildren(...said.here.map((name) => Object.assign(document.createElement("li"), { textContent: name })));
    converge();
  });
}
// A browser opens six connections to a host: a tab that nobody sees gives its own back.
function quiet() { stream?.close(); stream = null; }
document.addEventListener("visibilitychange", () => { if (document.hidden) quiet(); else { listen(); wanted += 0; } });
window.addEventListener("online", () => { quiet(); listen(); converge(); });
window.addEventListener("pagehide", quiet);
window.addEventListener("pageshow", listen);
fresh = 0;
listen();

// What was waited for is there: the page goes on to it, unless somebody is typing here.
document.addEventListener("htmx:after:swap", () => {
  const onward = document.querySelector("a[data-onward]");
  if (onward && !document.querySelector("form[data-typed]")) location.assign(onward.href);
});

// ---- Dialogs: a part of the canvas as a form. ----
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    await htmx.ajax("GET", link.href, { target: "#dialog-body", swap: "innerHTML" });
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    return;
  }
  const close = event.target.closest("[data-close]");
  if (close) { const place = close.closest(".answer"); if (dialog.contains(close)) dialog.close(); else if (place) { place.closest("form:not([data-fresh])")?.reset(); place.replaceChildren(); } return; }
  const dismissed = event.target.closest("[data-dismiss]");
  if (dismissed) { const place = dismissed.closest(".problem"); place.querySelectorAll(".said-so").forEach((one) => one.remove()); place.hidden = true; return; }
  const again = event.target.closest("[data-again]");
  if (again) {
    const form = again.closest("form");
    form.dataset.over = again.dataset.again;
    form.requestSubmit();
    return;
  }
  const post = event.target.closest("[data-post]");
  if (post) htmx.ajax("POST", post.dataset.post, { target: "#said", swap: "innerHTML" });
});
page.addEventListener("saved", (event) => {
  mine = true;
  converge();
  const form = event.target.closest?.("form");
  form?.querySelector(".answer")?.replaceChildren();
  // Who goes on typing while it is saved goes on.
  if (dialog.open && (!form || dialog.contains(form)) && !dialog.querySelector("form[data-typed]")) dialog.close();
});
// What is shown is not what the server has: somebody gave up their own for it.
page.addEventListener("behind", () => { mine = true; converge(); });

page.addEventListener("commented", async (event) => {
  const talk = event.target.closest?.("[data-comments]");
  if (!talk) return;
  await htmx.ajax("GET", talk.dataset.comments, { target: talk.querySelector(".talked"), swap: "innerHTML" });
});

// ---- Typing is enough: Enter adds. ----
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("[data-enter]")) {
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
  }
  const typing = event.target.closest("input, textarea, select");
  if (!typing && !dialog.open && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    const button = document.querySelector(event.shiftKey ? '[data-post$="/redo"]' : '[data-post$="/undo"]');
    if (button) { event.preventDefault(); button.click(); }
  }
  if (event.altKey && event.target.matches(".note .go")) byKeys(event);
  else if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && event.target.matches(".note .go")) mark(event);
});

// ---- Moving cards: by keys, mouse and touch. ----
const place = (card) => { const steps = card.dataset.at.split("/"); return { list: steps.slice(0, -1).join("/"), index: Number(steps.at(-1)) }; };
const movable = (card) => /\/\d+$/.test(card?.dataset.at ?? "") && Boolean(page.dataset.base);
const send = (path, values) => htmx.ajax("POST", page.dataset.base + path, { target: "#said", swap: "innerHTML", values });

function move(card, list, index) {
  const from = place(card);
  if (from.list === list && from.index === index) return;
  send("/move", { at: card.dataset.at, to: `${list}/${index}`, version: shown() });
}
function byKeys(event) {
  const card = event.target.closest(".note");
  if (!movable(card)) return;
  const from = place(card);
  const lists = [...document.querySelectorAll("[data-drop^=blocks]")].map((one) => one.dataset.drop);
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    const same = [...card.parentElement.children].filter((one) => movable(one) && place(one).list === from.list).length;
    const to = from.index + step;
    if (to >= 0 && to < same) move(card, from.list, to);
  } else if (side !== undefined && from.list.startsWith("blocks/")) {
    event.preventDefault();
    const way = getComputedStyle(page).direction === "rtl" ? -side : side;
    const to = lists[(lists.indexOf(from.list) + way + lists.length) % lists.length];
    move(card, to, count(to));
  }
  follow(card);
}
const count = (list) => document.querySelectorAll(`.note[data-at^="${list}/"]`).length;
function mark(event) {
  const card = event.target.closest(".note");
  if (!movable(card) || !card.closest("[data-drop]")?.dataset.drop) return;
  event.preventDefault();
  send("/mark", { at: card.dataset.at, number: event.key, version: shown() });
}
// The focus stays on what was moved, wherever it is drawn now.
function follow(card) {
  const text = card.querySelector(".go").textContent;
  page.addEventListener("converged", () => {
    const links = [...document.querySelectorAll(".note .go")];
    links.find((one) => one.textContent === text)?.focus();
  }, { once: true });
}

let drag = null;
// A finger scrolls; only one that rests on a card first takes it along.
const HELD = 350;
function hold(one) { if (drag === one) { one.held = true; one.card.classList.add("held"); } }
function release() { clearTimeout(drag?.timer); drag?.card.classList.remove("held"); drag = null; }
// A browser drags links itself, and takes the pointer away from us.
document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".note")) event.preventDefault(); });
document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest(".note");
  if (!card || !movable(card) || event.button || !card.closest("[data-drop]")?.dataset.drop) return;
  drag = { card, x: event.clientX, y: event.clientY, moved: false, id: event.pointerId, held: event.pointerType !== "touch" };
  if (!drag.held) drag.timer = setTimeout(hold, HELD, drag);
});
document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 8;
  if (!drag.moved) {
    if (!far) return;
    if (!drag.held) { release(); return; } // it was a scroll
    drag.moved = true;
    drag.card.classList.add("taken");
    drag.ghost = drag.card.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.classList.add("ghost");
    page.append(drag.ghost);
  }
  drag.ghost.style.setProperty("left", `${event.clientX + 8}px`);
  drag.ghost.style.setProperty("top", `${event.clientY + 8}px`);
  document.querySelectorAll(".cards.over").forEach((one) => one.classList.remove("over"));
  target(event)?.list.classList.add("over");
});
document.addEventListener("touchmove", (event) => { if (drag?.held) event.preventDefault(); }, { passive: false });
document.addEventListener("contextmenu", (event) => { if (drag?.timer) event.preventDefault(); });
function target(event) {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const block = under?.closest(".block");
  const list = block?.querySelector("[data-drop]");
  if (!list) return null;
  const from = place(drag.card);
  const near = under.closest(".note");
  const goal = near && near !== drag.card && movable(near) ? place(near) : null;
  if (from.list.startsWith("blocks/")) {
    if (goal?.list.startsWith("blocks/")) return { list, to: goal.list, index: goal.index };
    return list.dataset.drop ? { list, to: list.dataset.drop, index: from.list === list.dataset.drop ? count(from.list) - 1 : count(list.dataset.drop) } : null;
  }
  return goal?.list === from.list ? { list, to: goal.list, index: goal.index } : null;
}
function drop(event) {
  if (!drag || event.pointerId !== drag.id) return;
  const { card, moved, ghost } = drag;
  const goal = moved && event.type === "pointerup" ? target(event) : null;
  ghost?.remove();
  card.classList.remove("taken");
  document.querySelectorAll(".cards.over").forEach((one) => one.classList.remove("over"));
  release();
  if (moved) document.addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
  setTimeout(() => {}, 0);
  if (goal) move(card, goal.to, goal.index);
  converge();
}
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

// ---- Find, and see one segment alone. ----
const find = document.getElementById("find");
const segment = document.getElementById("by-segment");
function filter() {
  if (!find) return;
  const words = find.value.trim().toLowerCase();
  const number = segment.value;
  let left = 0;
  document.querySelectorAll("#board .note").forEach((card) => {
    const fits = (!words || card.textContent.toLowerCase().includes(words)) && (!number || card.dataset.marks.split(" ").includes(number));
    card.classList.toggle("away", !fits);
    left += fits;
  });
  document.getElementById("found").textContent = words || number ? String(left) : "";
}
find?.addEventListener("input", filter);
segment?.addEventListener("change", filter);
