// What was typed and not sent yet is kept in this tab: a closed dialog or a reload loses nothing.
const KEEP = "input:not([type=hidden], [type=search]), textarea, select";
const nameOf = (form) => {
  const at = form.querySelector("[name=at]");
  return at && form.getAttribute("hx-post") ? `draft:${form.getAttribute("hx-post")}:${at.value}:${form.querySelector("[name=buti]")?.value ?? ""}` : "";
};
const values = (form) => [...form.querySelectorAll(KEEP)].filter((one) => one.name).map((one) => [one.name, one.value, one.type === "checkbox" || one.type === "radio" ? one.checked : null]);
const shown = new WeakMap();

function forget(form) { const name = nameOf(form); if (name) sessionStorage.removeItem(name); }

function bring(form) {
  const name = nameOf(form);
  if (!name || shown.has(form)) return;
  shown.set(form, JSON.stringify(values(form)));
  const kept = sessionStorage.getItem(name);
  if (!kept || kept === shown.get(form)) return;
  const fields = [...form.querySelectorAll(KEEP)].filter((one) => one.name);
  for (const [key, value, checked] of JSON.parse(kept)) {
    for (const field of fields.filter((one) => one.name === key)) {
      if (checked === null) field.value = value;
      else if (field.value === value) field.checked = checked;
    }
  }
  // What came back must be seen: where it differs from what is saved, its section opens.
  fields.filter((one) => one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked : one.tagName !== "SELECT" && one.value !== one.defaultValue).forEach(unfold);
  const notice = form.parentElement.querySelector("[data-restored]");
  if (notice) notice.hidden = false;
}
function unfold(field) { for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true; }

// What is wrong with one field is said beside it, also where its section was closed.
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

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[hx-post]");
  const name = form && nameOf(form);
  if (!name) return;
  bring(form);
  const now = JSON.stringify(values(form));
  if (now === shown.get(form)) sessionStorage.removeItem(name);
  else sessionStorage.setItem(name, now);
}, true);
document.addEventListener("click", (event) => {
  const away = event.target.closest("[data-throw]");
  if (!away) return;
  const notice = away.closest("[data-restored]");
  const form = notice.parentElement.querySelector("form[hx-post]");
  forget(form);
  form.reset();
  notice.hidden = true;
});
document.body.addEventListener("saved", (event) => { const form = event.target.closest?.("form"); if (form) { forget(form); shown.delete(form); } });
document.addEventListener("htmx:after:swap", () => {
  document.querySelectorAll("form[hx-post]").forEach(bring);
  document.querySelectorAll(".answer > .problem[data-field]").forEach(beside);
});
document.querySelectorAll("form[hx-post]").forEach(bring);
