// Suggestions under every search box: an ARIA combobox over a plain form, which works just as well without this.
(() => {
  "use strict";
  const WAIT = 120; // milliseconds of rest after a key
  const words = document.currentScript.dataset;
  let number = 0;

  const enhance = (input) => {
    const form = input.form;
    const id = `goi-y-${(number += 1)}`;
    const list = Object.assign(document.createElement("ul"), { id, className: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.label);
    const told = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    told.setAttribute("role", "status");
    form.append(list, told);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", id);

    let timer = 0;
    let asking = null;
    let chosen = -1;
    const options = () => [...list.children];

    const choose = (place) => {
      chosen = place;
      options().forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
      if (place < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      const option = list.children[place];
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };
    const close = () => {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      choose(-1);
    };
    const go = (option) => {
      close();
      window.location.assign(option.dataset.url);
    };
    const show = (suggestions) => {
      list.replaceChildren(...suggestions.map((one, at) => {
        const option = Object.assign(document.createElement("li"), { id: `${id}-${at}` });
        option.setAttribute("role", "option");
        option.dataset.url = one.url;
        const text = Object.assign(document.createElement("span"), { textContent: one.text });
        const note = Object.assign(document.createElement("span"), { textContent: one.note, className: "note" });
        option.append(text, " ", note);
        return option;
      }));
      list.hidden = suggestions.length === 0;
      input.setAttribute("aria-expanded", String(suggestions.length > 0));
      told.textContent = suggestions.length ? words.some.replace("{n}", String(suggestions.length)) : "";
      choose(-1);
    };
    const ask = async () => {
      const typed = input.value.trim();
      asking?.abort();
      if (!typed) {
        close();
        return;
      }
      asking = new AbortController();
      try {
        const answer = await fetch(`${words.url}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
        if (answer.ok && document.activeElement === input) show((await answer.json()).suggestions);
      } catch {
        return; // asked anew meanwhile, or no connection: the form itself is there
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return; // an input method is still at work on the word
      const last = list.children.length - 1;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) {
          if (event.key === "ArrowDown") ask();
          return;
        }
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        // Past either end lies the box itself.
        choose(chosen + step > last ? -1 : chosen + step < -1 ? last : chosen + step);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        go(list.children[chosen]);
      }
    });
    input.addEventListener("blur", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".searchbox input[type=search]").forEach(enhance);
    // The newsroom is told which words found nothing, and nothing else.
    const empty = document.querySelector("[data-missed]");
    if (empty) navigator.sendBeacon?.(empty.dataset.missedUrl, new URLSearchParams({ tim: empty.dataset.missed }));
  });
})();
