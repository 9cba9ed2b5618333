// What was typed is never lost: what is not sent yet is kept in this tab, stays where a page is drawn anew around it,
// and what is typed while a form is on its way is still there when the form has arrived.
const FIELDS = "input:not([type=hidden], [type=search], [type=password], [type=file]), textarea, select";
const FORMS = "form[hx-post], form[method=post]:not([data-round])";
// What tells a form from others with the same address; the rest of what is hidden changes from page to page.
const MARKS = "input[type=hidden]:not([name=secret], [name=version], [name^='was:'])";
/** What each form showed when it came, or what was sent of it since: what differs from it was typed. */
const seen = new WeakMap();
/** What is on its way of forms that begin anew each time. */
const leaving = new WeakMap();
const held = new Set();

const pathOf = (form) => form.getAttribute("hx-post") ?? form.getAttribute("action");
const nameOf = (form) => ["draft", pathOf(form), form.id, ...[...form.querySelectorAll(MARKS)].map((one) => one.value)].join(":");
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.matches(FIELDS));
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
const versionOf = (form) => form.querySelector("input[name=version]");
const same = (some, others) => JSON.stringify(some ?? []) === JSON.stringify(others ?? []);
// A browser that keeps nothing still shows what is typed; only a reload loses it.
const kept = (name) => { try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; } };
function write(name, draft) {
  try { if (draft) sessionStorage.setItem(name, JSON.stringify(draft)); else sessionStorage.removeItem(name); } catch { /* as above */ }
}

function read(form) {
  const now = {};
  for (const one of fieldsOf(form)) {
    const values = (now[one.name] ??= []);
    if (!isTicked(one) || one.checked) values.push(one.value);
  }
  return now;
}
function put(fields, values) {
  fields.forEach((one, index) => { if (isTicked(one)) one.checked = values.includes(one.value); else one.value = values[index] ?? ""; });
}

// ---- What was typed into a form and not sent is kept, and the form stays as it is. ----
function keep(form) {
  const [now, was] = [read(form), seen.get(form)];
  const typed = Object.keys(now).filter((name) => !same(now[name], was[name]));
  const draft = Object.fromEntries(typed.map((name) => [name, { was: was[name] ?? [], now: now[name] }]));
  for (const sent of leaving.get(form)?.values() ?? []) {
    for (const name of Object.keys(sent)) draft[name] = { was: was[name] ?? [], now: both(sent[name], draft[name]?.now) };
  }
  write(nameOf(form), Object.keys(draft).length ? { version: versionOf(form)?.value, fields: draft } : null);
  form.toggleAttribute("data-typed", typed.length > 0);
  hold(form, typed.length > 0);
}
function hold(form, isTyped) {
  if (!form.closest("[data-part]")) return;
  if (!isTyped) held.delete(form); else held.add(form);
  if (form.hasAttribute("hx-morph-skip") && !form.hasAttribute("data-held")) return; // it always stays
  form.toggleAttribute("data-held", isTyped);
  form.toggleAttribute("hx-morph-skip", isTyped);
}
const both = (before, after) => (after?.some(Boolean) && !same(before, after) ? [[...before, ...after].join("\n")] : before);

// ---- A form that came: what was kept of it comes back. ----
function bring(form) {
  if (seen.has(form)) { if (!form.hasAttribute("data-typed")) seen.set(form, read(form)); return; }
  const now = read(form);
  seen.set(form, now);
  const draft = kept(nameOf(form));
  if (!draft) return;
  if (draft.sent && !cameBack()) { write(nameOf(form), null); return; }
  const back = [];
  let meanwhile = false;
  for (const [name, { was, now: mine }] of Object.entries(draft.fields)) {
    const fields = fieldsOf(form).filter((one) => one.name === name);
    if (!fields.length || same(now[name], mine)) continue;
    meanwhile ||= !same(now[name], was);
    put(fields, mine);
    seen.get(form)[name] = was;
    back.push(...fields);
  }
  // Where somebody else changed the same, the server must hear from which version this was typed.
  if (meanwhile && draft.version && versionOf(form)) versionOf(form).value = draft.version;
  keep(form);
  back.forEach(unfold);
  const notice = form.parentElement.querySelector("[data-restored]");
  if (notice && back.length) notice.hidden = false;
}
const cameBack = () => ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);
function unfold(field) { for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true; }

// ---- A form on its way: what was sent of it is typed no more, what is typed meanwhile is. ----
const sent = new WeakMap();
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.request.form;
  if (!form?.matches(FORMS) || !seen.has(form)) return;
  sent.set(ctx, read(form));
  if (!form.hasAttribute("data-fresh")) return;
  const here = leaving.get(form) ?? new Map();
  leaving.set(form, here.set(ctx, sent.get(ctx)));
  form.reset();
  keep(form);
});
const isDone = (ctx) => ctx.response && ctx.response.status < 400;
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.request.form;
  if (!sent.has(ctx) || !isDone(ctx)) return;
  if (leaving.get(form)?.delete(ctx)) { keep(form); return; }
  seen.set(form, sent.get(ctx));
  const number = ctx.response.headers.get("x-version");
  if (number && versionOf(form)) versionOf(form).value = number;
  for (const one of form.querySelectorAll("input[name^='was:']")) one.value = sent.get(ctx)[one.name.slice(4)]?.[0] ?? one.value;
  keep(form);
});
// What did not arrive is in its form again, before what was typed since.
document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.request.form;
  const values = leaving.get(form)?.get(ctx);
  if (!values || isDone(ctx)) return;
  leaving.get(form).delete(ctx);
  const now = read(form);
  for (const name of Object.keys(values)) {
    const fields = fieldsOf(form).filter((one) => one.name === name);
    put(fields, fields.some((one) => one.matches("textarea, input:not([type=checkbox], [type=radio])")) ? both(values[name], now[name]) : values[name]);
  }
  keep(form);
});
// A page that comes instead says whether it went well; who comes back by "Back" finds what was typed.
document.addEventListener("submit", (event) => {
  const draft = event.target.matches("form[method=post]:not([hx-post])") && kept(nameOf(event.target));
  if (draft) write(nameOf(event.target), { ...draft, sent: true });
});

// ---- What is wrong with one field is said beside it, also where its section was closed. ----
function beside(problem) {
  const form = problem.closest("form");
  const field = [...(form?.elements ?? [])].find((one) => one.name === problem.dataset.field);
  if (!field) return;
  unfold(field);
  problem.id = "said-of-field";
  (field.closest(".field, fieldset, label") ?? field).append(problem);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-errormessage", problem.id);
  field.focus();
}
function cleared(form) {
  form.querySelectorAll(".problem[data-field]").forEach((one) => one.remove());
  form.querySelectorAll("[aria-invalid]").forEach((one) => { one.removeAttribute("aria-invalid"); one.removeAttribute("aria-errormessage"); });
}
document.addEventListener("htmx:before:request", (event) => { const form = event.target.closest?.("form"); if (form) cleared(form); });

// ---- When to look. ----
document.addEventListener("input", (event) => {
  const form = event.target.matches(FIELDS) && event.target.closest(FORMS);
  if (form && seen.has(form)) keep(form);
}, true);
document.addEventListener("click", (event) => {
  const away = event.target.closest("[data-throw]");
  if (!away) return;
  const notice = away.closest("[data-restored]");
  notice.parentElement.querySelector("form[hx-post]").reset();
  notice.hidden = true;
});
// Who keeps what somebody else wrote wants to see it.
document.addEventListener("reset", (event) => setTimeout(() => {
  const form = event.target;
  if (!seen.has(form) || form.hasAttribute("data-fresh")) return;
  seen.set(form, read(form));
  keep(form);
  document.body.dispatchEvent(new CustomEvent("behind"));
}));
function look() {
  document.querySelectorAll(FORMS).forEach(bring);
  document.querySelectorAll(".answer > .problem[data-field]").forEach(beside);
  for (const form of held) if (!form.isConnected) orphaned(form);
}
// What a form was about is not there any more: what was typed into it is shown above all else.
function orphaned(form) {
  held.delete(form);
  const place = document.getElementById("orphaned");
  for (const values of Object.values(kept(nameOf(form))?.fields ?? {})) {
    place.lastElementChild.before(Object.assign(document.createElement("p"), { className: "said-so", textContent: values.now.join(", ") }));
    place.hidden = false;
  }
}
document.addEventListener("htmx:after:swap", look);
document.body.addEventListener("converged", look);
document.addEventListener("drawn", look);
look();
