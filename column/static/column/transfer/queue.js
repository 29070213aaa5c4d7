/* One button that picks every row of the page; the list works without it. */
(() => {
  const button = document.querySelector("[data-select-all]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll("input[name=tin]")];
    const pick = boxes.some((box) => !box.checked);
    boxes.forEach((box) => {
      box.checked = pick;
    });
  });
})();
