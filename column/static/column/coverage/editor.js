// Adds to a form that works without it: Ctrl+Enter saves from anywhere, leaving with unsaved ticks asks once,
// and ticking a criterion of a suggestion ticks the suggestion.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-coding]");
  if (!form) return;
  let changed = false;
  form.addEventListener("change", (event) => {
    changed = true;
    const card = event.target.name.startsWith("gy-tieu-chi-") && event.target.checked && event.target.closest("li");
    if (card) card.querySelector("[data-offer]").checked = true;
  });
  form.addEventListener("submit", () => { changed = false; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
});
