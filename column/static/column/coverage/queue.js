// Adds to a list that works without it: arrows walk through the stories, one button ticks the page.
document.addEventListener("DOMContentLoaded", () => {
  const stories = [...document.querySelectorAll("[data-story]")];
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=checkbox]), select, textarea") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const here = stories.indexOf(document.activeElement);
    if (here < 0 && document.activeElement !== document.body && !document.activeElement.matches("[data-first]")) return;
    const next = stories[here < 0 ? 0 : here + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { next.focus(); event.preventDefault(); }
  });
  const button = document.querySelector("[data-select-all]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll("input[name=tin]")];
    const pick = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = pick; });
  });
});
