// Size of the letters and light or dark, kept on this machine only. Runs before the page is drawn, so nothing jumps;
// without it the page reads just as well, and the buttons do not show.
(() => {
  "use strict";
  const root = document.documentElement;
  const sizes = ["small", "", "large", "huge"];
  const themes = ["", "light", "dark"];
  const store = {
    get(key) {
      try { return localStorage.getItem(key) || ""; } catch { return ""; } // private mode may refuse the store
    },
    set(key, value) {
      try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch { return; }
    },
  };
  const apply = (name, value) => {
    if (value) root.dataset[name] = value; else delete root.dataset[name];
  };
  const known = (list, value) => (list.includes(value) ? value : "");

  root.classList.add("has-js");
  apply("size", known(sizes, store.get("co-chu")));
  apply("theme", known(themes, store.get("giao-dien")));

  document.addEventListener("DOMContentLoaded", () => {
    const step = (by) => {
      const now = sizes.indexOf(root.dataset.size || "");
      const next = sizes[Math.min(Math.max(now + by, 0), sizes.length - 1)];
      apply("size", next);
      store.set("co-chu", next);
      show();
    };
    const show = () => {
      const size = sizes.indexOf(root.dataset.size || "");
      for (const button of document.querySelectorAll("[data-size-step]")) {
        const by = Number(button.dataset.sizeStep);
        button.setAttribute("aria-disabled", String(size + by < 0 || size + by >= sizes.length));
      }
      const theme = root.dataset.theme || "";
      for (const button of document.querySelectorAll("[data-theme-step]")) {
        const words = button.dataset.themeWords.split("|");
        button.querySelector("[data-words]").textContent = words[themes.indexOf(theme)];
      }
    };
    for (const button of document.querySelectorAll("[data-size-step]")) {
      button.addEventListener("click", () => step(Number(button.dataset.sizeStep)));
    }
    for (const button of document.querySelectorAll("[data-theme-step]")) {
      button.addEventListener("click", () => {
        const next = themes[(themes.indexOf(root.dataset.theme || "") + 1) % themes.length];
        apply("theme", next);
        store.set("giao-dien", next);
        show();
      });
    }
    for (const button of document.querySelectorAll("[data-print]")) {
      button.addEventListener("click", () => window.print());
    }
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.addEventListener("click", async () => {
        const said = button.querySelector("[data-words]");
        try {
          await navigator.clipboard.writeText(button.dataset.copy);
          said.textContent = button.dataset.copied;
        } catch {
          said.textContent = button.dataset.refused;
        }
      });
    }
    show();
  });
})();
