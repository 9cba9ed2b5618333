// A form in which somebody is typing stays as it is while the page around it is drawn anew.
const draft = (event) => event.target.closest?.("form[data-draft]");
document.addEventListener("input", (event) => draft(event)?.setAttribute("hx-morph-skip", ""));
document.body.addEventListener("saved", (event) => draft(event)?.removeAttribute("hx-morph-skip"));
// Who keeps what somebody else wrote wants to see it.
document.addEventListener("reset", (event) => { if (draft(event)) location.reload(); });
