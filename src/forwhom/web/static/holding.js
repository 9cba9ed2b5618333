// A form in which somebody is typing stays as it is while the page around it is drawn anew.
const held = (event) => event.target.closest?.("form[data-draft]");
document.addEventListener("input", (event) => held(event)?.setAttribute("hx-morph-skip", ""));
document.body.addEventListener("saved", (event) => held(event)?.removeAttribute("hx-morph-skip"));
// Who keeps what somebody else wrote wants to see it.
document.addEventListener("reset", (event) => { if (held(event)) location.reload(); });
