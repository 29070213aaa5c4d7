/* Moves stories on the quarter board: by dragging, by the keyboard, and by choosing from a list (on a phone, or with a
   screen reader). Adds to cards whose forms do the same without it. The server decides everything: a drop is one post,
   and its answer brings the cards and the tray as they are now. */
(() => {
  const board = document.querySelector("[data-cal-board]");
  if (!board) return;
  const part = (name) => document.querySelector(`[data-cal-${name}]`);
  const live = part("live");
  const toast = part("toast");
  const tray = part("tray");
  let lifted = null; // the card or tray item that is on its way
  let over = null; // the target under it
  let byKeys = false;
  let batch = ""; // what "Hoàn tác" takes back
  let busy = false;

  const titleOf = (item) => item.dataset.calTitle || "";
  const slotOf = (place) => place.dataset.calSlot || "";
  const say = (name, ...words) => {
    live.textContent = words.reduce((text, word, at) => text.replace(at ? "%t" : "%s", () => word), live.dataset[name]);
  };

  /* Where an item may go, in the order of the board; the tray last. */
  const targetsOf = (item) => {
    const slots = [...board.querySelectorAll("[data-cal-takes]")].filter((slot) => slot !== item);
    return slotOf(item) ? [...slots, tray] : slots;
  };

  const describe = (target) => {
    if (target === tray) say("tray");
    else if (target.dataset.calStory) say("full", target.dataset.calName, titleOf(target));
    else say("over", target.dataset.calName);
  };

  const hover = (target) => {
    if (over === target) return;
    over?.classList.remove("cal-over");
    over = target;
    over?.classList.add("cal-over");
  };

  const lift = (item) => {
    lifted = item;
    item.classList.add("cal-lifted");
    board.classList.add("cal-lifting");
    board.classList.toggle("cal-lifting-slot", slotOf(item) !== "");
  };

  const letGo = () => {
    hover(null);
    lifted?.classList.remove("cal-lifted");
    board.classList.remove("cal-lifting", "cal-lifting-slot");
    lifted = null;
    byKeys = false;
  };

  /* Fresh cards and what only a script can do with them. */
  const prepare = (root) => {
    root.querySelectorAll("[data-cal-grip]").forEach((grip) => {
      grip.hidden = false;
      const item = grip.closest("[data-cal-lifts]");
      item.draggable = true;
      item.querySelectorAll("a").forEach((link) => { link.draggable = false; });
    });
  };

  const show = (message, undoable, failed) => {
    toast.classList.toggle("cal-toast--failed", failed);
    toast.classList.add("cal-toast--shown");
    part("message").textContent = message;
    part("take-back").hidden = !undoable;
    part("dismiss").hidden = false;
  };

  const dismiss = () => {
    toast.classList.remove("cal-toast--shown");
    part("message").textContent = "";
    part("take-back").hidden = true;
    part("dismiss").hidden = true;
  };

  const renew = (answer) => {
    Object.entries(answer.cards || {}).forEach(([id, html]) => {
      const old = document.getElementById(id);
      if (!old) return;
      const made = document.createElement("template");
      made.innerHTML = html;
      old.replaceWith(made.content.firstElementChild);
    });
    if (answer.tray !== undefined) board.querySelector("[data-cal-items]").innerHTML = answer.tray;
    prepare(board);
  };

  const send = async (url, fields) => {
    const body = new URLSearchParams({
      quy: board.dataset.calQuarter,
      "chuyen-muc": board.dataset.calColumn,
      tim: document.getElementById("tim-trong-khay").defaultValue, // what the tray shows, not what is being typed
    });
    Object.entries(fields).forEach(([name, value]) => [value].flat().forEach((one) => body.append(name, one)));
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": board.dataset.calToken, "X-Requested-With": "XMLHttpRequest" },
    });
    if (!(response.headers.get("content-type") || "").startsWith("application/json")) throw new Error(response.status);
    return response.json();
  };

  /* One post at a time; its answer, or null when none came. */
  const post = async (url, fields) => {
    if (busy) return null;
    busy = true;
    board.setAttribute("aria-busy", "true");
    try {
      const answer = await send(url, fields);
      if (answer.error) throw new Error(answer.error);
      return answer;
    } catch {
      show(live.dataset.failed, false, true);
      return null;
    } finally {
      busy = false;
      board.removeAttribute("aria-busy");
    }
  };

  const asked = (dialog) => new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    dialog.showModal();
  });

  const agrees = (question) => {
    part("question").textContent = question.title;
    part("sentences").replaceChildren(...question.sentences.map((sentence) => {
      const line = document.createElement("p");
      line.textContent = sentence;
      return line;
    }));
    part("yes").textContent = question.button;
    return asked(part("ask"));
  };

  const focusStory = (story) => {
    const grip = board.querySelector(`[data-cal-story="${story}"] [data-cal-grip]`);
    (grip || part("take-back")).focus({ preventScroll: true });
  };

  const drop = async (item, target, agreed = []) => {
    const story = item.dataset.calStory;
    const fields = { story, source: slotOf(item), target: slotOf(target), replaces: target.dataset.calStory || "", agreed };
    const answer = await post(board.dataset.calDrop, fields);
    if (!answer) return;
    if (answer.state === "ask") {
      if (await agrees(answer) === "yes") await drop(item, target, answer.agree);
      else {
        say("cancelled");
        focusStory(story);
      }
      return;
    }
    renew(answer);
    batch = answer.batch || "";
    show(answer.message, batch !== "", answer.state === "problem");
    focusStory(story);
  };

  const takeBack = async () => {
    if (!batch) return;
    const answer = await post(board.dataset.calUndo, { batch });
    if (!answer) return;
    batch = "";
    renew(answer);
    show(answer.message, false, answer.state === "problem");
    part("dismiss").focus();
  };

  /* Choosing from a list --------------------------------------------------------------------------------------- */

  const choose = async (item) => {
    const targets = targetsOf(item);
    part("what").textContent = titleOf(item);
    const elsewhere = part("elsewhere");
    const link = item.querySelector("a[href*='/chuyen-ky/'], a[href*='/ky-dang/']");
    elsewhere.hidden = !link;
    if (link) elsewhere.href = link.href;
    part("targets").replaceChildren(...targets.map((target, at) => {
      const line = document.createElement("li");
      const button = document.createElement("button");
      button.value = String(at);
      const name = document.createElement("strong");
      name.textContent = target.dataset.calName;
      const what = document.createElement("span");
      what.textContent = target === tray ? "" : titleOf(target) || target.querySelector(".cal-state").textContent.trim();
      button.append(name, what);
      line.append(button);
      return line;
    }));
    const place = await asked(part("choose"));
    if (place !== "") await drop(item, targets[Number(place)]);
  };

  /* By the keyboard -------------------------------------------------------------------------------------------- */

  const step = (key) => {
    const targets = targetsOf(lifted);
    const at = targets.indexOf(over);
    const places = {
      ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at < 0 ? targets.length - 1 : at - 1,
      ArrowLeft: at < 0 ? targets.length - 1 : at - 1, Home: 0, End: targets.length - 1,
    };
    if (!(key in places)) return false;
    const next = targets[(places[key] + targets.length) % targets.length];
    hover(next);
    next.scrollIntoView({ block: "nearest" });
    describe(next);
    return true;
  };

  const liftByKeys = (item) => {
    if (!targetsOf(item).length) {
      say("nowhere");
      return;
    }
    lift(item);
    byKeys = true;
    say("lifted", titleOf(item));
  };

  const keyWhileLifted = (event) => {
    if (step(event.key)) event.preventDefault();
    else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      letGo();
      say("cancelled");
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const [item, target] = [lifted, over];
      letGo();
      if (target) drop(item, target);
      else say("cancelled");
    }
  };

  document.addEventListener("keydown", (event) => {
    const within = board.contains(event.target) || toast.contains(event.target);
    if (byKeys) {
      keyWhileLifted(event);
    } else if (within && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      if (event.target.matches("input, textarea")) return;
      event.preventDefault();
      takeBack();
    } else if (event.key === "Enter" || event.key === " ") {
      const grip = event.target.closest?.("[data-cal-grip]");
      if (!grip) return;
      event.preventDefault(); // otherwise the key clicks too, and the list opens
      liftByKeys(grip.closest("[data-cal-lifts]"));
    }
  });
  // Firefox clicks a button when the blank is let go, not when it is pressed.
  board.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target.closest("[data-cal-grip]")) event.preventDefault();
  });
  board.addEventListener("focusout", () => {
    if (byKeys) letGo();
  });

  /* By the mouse ----------------------------------------------------------------------------------------------- */

  const targetAt = (event) => {
    const place = event.target.closest?.("[data-cal-takes], [data-cal-tray]");
    return lifted && place && targetsOf(lifted).includes(place) ? place : null;
  };

  board.addEventListener("click", (event) => {
    const grip = event.target.closest("[data-cal-grip]");
    if (grip && !busy) choose(grip.closest("[data-cal-lifts]"));
  });
  board.addEventListener("dragstart", (event) => {
    const item = event.target.closest?.("[data-cal-lifts]");
    if (!item || busy) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", titleOf(item));
    lift(item);
  });
  board.addEventListener("dragover", (event) => {
    const target = targetAt(event);
    hover(target);
    if (target) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
    }
  });
  board.addEventListener("drop", (event) => {
    const target = targetAt(event);
    if (!target) return;
    event.preventDefault();
    const item = lifted;
    letGo();
    drop(item, target);
  });
  board.addEventListener("dragend", letGo);

  part("take-back").addEventListener("click", takeBack);
  part("dismiss").addEventListener("click", dismiss);
  prepare(board);
})();
