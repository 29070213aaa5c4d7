// Adds to a form that works without it: Ctrl+Enter saves from anywhere (in the queue: and goes on), Alt with an arrow
// goes through the queue, leaving with unsaved ticks asks once, ticking a criterion of a suggestion ticks the
// suggestion; on a suggestion G takes it, B dismisses it, arrows walk.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-coding]");
  if (!form) return;
  let changed = false;
  form.addEventListener("change", (event) => {
    changed = true;
    const card = event.target.closest(".coding-offers > li");
    if (!card || !event.target.checked) return;
    if (event.target.name.startsWith("gy-tieu-chi-")) choose(card, true);
    else if (event.target.matches("[data-offer]")) choose(card, true);
    else if (event.target.matches("[data-dismiss]")) choose(card, false);
  });
  const offers = [...document.querySelectorAll(".coding-offers > li")];
  const choose = (card, take) => {
    changed = true;
    card.querySelector("[data-offer]").checked = take;
    card.querySelector("[data-dismiss]").checked = !take;
  };
  const go = (card) => { if (card) card.querySelector("[data-offer]").focus(); };
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest(".coding-offers > li");
    if (!card || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, textarea")) return;
    const next = offers[offers.indexOf(card) + 1];
    const key = event.key.toLowerCase();
    if (key === "g" || key === "b") { choose(card, key === "g"); go(next); }
    else if (key === "arrowdown") go(next);
    else if (key === "arrowup") go(offers[offers.indexOf(card) - 1]);
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", () => { changed = false; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector("[data-onward]"));
    const way = event.altKey && { ArrowDown: "next", ArrowUp: "prev" }[event.key];
    const link = way && !event.target.matches("select") && document.querySelector(`.coding-queue [rel=${way}]`);
    if (link) { event.preventDefault(); link.click(); }
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
});
