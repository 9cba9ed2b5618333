// An exercise on a phone: what is rated waits here until it has arrived; nothing is lost, nothing doubled.
const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// A page of plain http has no crypto.randomUUID.
function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// ---- The outbox: in the phone's own storage, so that a closed tab loses nothing. ----
const mine = () => document.querySelector("[data-ratings]");
const form = () => document.querySelector("form[data-round]");
const box = () => `forwhom ${mine().dataset.key}`;
let memory = null; // only where the phone keeps nothing: then the page itself remembers
function read() {
  try { return memory ?? JSON.parse(localStorage.getItem(box()) ?? "[]"); } catch { return memory ?? []; }
}
function write(list) {
  try { localStorage.setItem(box(), JSON.stringify(list)); } catch { memory = list; }
}

let sending = false;
let stopped = false;
let patience = 500;
let timer = 0;
function retry() {
  clearTimeout(timer);
  timer = setTimeout(flush, patience);
  patience = Math.min(patience * 2, 15000);
}
async function flush() {
  if (!mine() || sending || stopped) return tell();
  const batch = read().slice(0, 100);
  if (!batch.length) return tell();
  sending = true;
  try {
    const answer = await fetch(mine().dataset.ratings, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Secret": mine().dataset.secret },
      body: JSON.stringify({ ratings: batch }),
    });
    if (answer.status === 403 || answer.status === 404 || answer.status === 422) { stopped = true; return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const said = await answer.json();
    const done = new Set([...said.kept, ...said.refused.map((one) => one.id)]);
    for (const one of said.refused) refuse(batch.find((sent) => sent.id === one.id), one.why);
    write(read().filter((one) => !done.has(one.id)));
    patience = 500;
  } catch {
    retry();
    return;
  } finally {
    sending = false;
    tell();
  }
  flush();
}
window.addEventListener("online", () => { patience = 500; flush(); });

// ---- What is shown of it. ----
const cards = () => [...document.querySelectorAll(".question")];
const answered = (card) => card.querySelector("input:checked");
const isOf = (card, one) => card.dataset.segment === one.segment && card.dataset.item === one.item && card.dataset.measure === one.measure;

function refuse(one, why) {
  const card = cards().find((each) => isOf(each, one));
  if (!card) return;
  const place = card.querySelector(".refused");
  place.textContent = why;
  place.hidden = false;
}
function tell() {
  const place = document.querySelector(".kept");
  if (!place || !form()) return;
  const waiting = read().length;
  const said = stopped ? place.dataset.stopped : waiting ? words(place.dataset.waiting, { n: waiting }) : cards().some(answered) ? place.dataset.kept : "";
  if (place.textContent !== said) place.textContent = said;
  place.classList.toggle("waits", waiting > 0);
  const all = cards();
  const done = all.filter(answered).length;
  const count = document.querySelector("[data-count]");
  count.textContent = words(count.dataset.words, { n: done, all: all.length });
  document.querySelector("progress").value = done;
  document.querySelector(".thanks").hidden = done < all.length;
}

document.addEventListener("change", (event) => {
  const card = event.target.closest(".question");
  if (!card || !form()) return;
  const value = event.target.value === "" ? null : Number(event.target.value);
  const { segment, item, measure } = card.dataset;
  card.querySelector(".refused").hidden = true;
  write([...read(), { id: fresh(), round: Number(form().dataset.round), segment, item, measure, value }]);
  flush();
});

// ---- One at a time, or all in a list. ----
let at = 0;
const way = () => { try { return localStorage.getItem("forwhom way") ?? "one"; } catch { return "one"; } };
function lay(move) {
  const all = cards();
  if (!all.length) return;
  const one = way() === "one";
  at = Math.max(0, Math.min(at, all.length - 1));
  all.forEach((card, index) => { card.hidden = one && index !== at; });
  document.querySelectorAll("[data-way]").forEach((button) => button.setAttribute("aria-pressed", String((button.dataset.way === "one") === one)));
  const steps = document.querySelector(".steps");
  steps.hidden = !one;
  steps.querySelector('[data-go="-1"]').disabled = at === 0;
  steps.querySelector('[data-go="1"]').disabled = at === all.length - 1;
  if (move) (answered(all[at]) ?? all[at].querySelector("input")).focus();
}
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-way]");
  if (chosen) { try { localStorage.setItem("forwhom way", chosen.dataset.way); } catch { /* not kept */ } lay(false); }
  const go = event.target.closest("[data-go]");
  if (go) { at += Number(go.dataset.go); lay(true); }
});

// ---- What the phone still holds is shown as it was said; the first open question comes first. ----
function begin() {
  stopped = false;
  flush();
  if (!form()) return;
  const turn = Number(form().dataset.round);
  for (const one of read()) {
    if (one.round !== turn) continue;
    const card = cards().find((each) => isOf(each, one));
    const field = card && [...card.querySelectorAll("input")].find((each) => each.value === (one.value === null ? "" : String(one.value)));
    if (field) field.checked = true;
  }
  const open = cards().findIndex((card) => !answered(card));
  at = open < 0 ? 0 : open;
  document.querySelector(".by-hand").hidden = true;
  document.querySelector(".ways").hidden = false;
  lay(false);
  tell();
}

// ---- The clock of the round. ----
function tick() {
  for (const clock of document.querySelectorAll("[data-left]")) {
    // The clock of the phone may be wrong, so the server says how much is left.
    if (clock.dataset.asked !== clock.dataset.left) {
      clock.dataset.asked = clock.dataset.left;
      clock.dataset.until = String(Date.now() + Number(clock.dataset.left) * 1000);
    }
    const left = Math.max(0, Math.round((Number(clock.dataset.until) - Date.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
}
setInterval(tick, 1000);

// ---- The facilitator goes on: the page shows it, and tries until it does. ----
let stream = null;
const place = () => document.querySelector("main > [data-live]");
const shown = () => Number(place().dataset.version);
let wait = 500;
async function follow(wanted) {
  if (shown() >= wanted) return;
  try {
    const answer = await fetch(location.pathname);
    if (!answer.ok) throw new Error(String(answer.status));
    const fetched = new DOMParser().parseFromString(await answer.text(), "text/html");
    const field = document.activeElement?.name;
    document.querySelector("main").replaceWith(fetched.querySelector("main"));
    document.dispatchEvent(new CustomEvent("drawn")); // what was typed to join comes back
    wait = 500;
    begin();
    tick();
    const again = field && !form() ? document.querySelector(`main [name="${CSS.escape(field)}"]`) : null;
    (again ?? document.getElementById("main")).focus();
  } catch {
    setTimeout(() => follow(wanted), wait);
    wait = Math.min(wait * 2, 8000);
  }
}
function listen() {
  if (!place() || stream) return;
  stream = new EventSource(`${place().dataset.live}?after=${shown()}`);
  stream.addEventListener("moved", (event) => follow(JSON.parse(event.data).sequence));
}
function quiet() { stream?.close(); stream = null; }
document.addEventListener("visibilitychange", () => { if (document.hidden) quiet(); else { listen(); flush(); } });
window.addEventListener("online", () => { quiet(); listen(); });
window.addEventListener("pagehide", quiet);
window.addEventListener("pageshow", listen);

begin();
tick();
