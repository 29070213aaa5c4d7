// A button that copies what stands in a box; the box can be selected and copied without it.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copy);
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      document.execCommand("copy");
    }
    button.parentElement.querySelector("[data-said]").textContent = button.dataset.done;
  });
}
