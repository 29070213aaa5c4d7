// While a file is being made, the list is looked at again; without a script the link does the same.
"use strict";
(() => {
  const every = 3000;
  const look = async () => {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [now, then] = [page.getElementById("tep"), document.getElementById("tep")];
    // Who stands on a button keeps it.
    if (now && !then.contains(document.activeElement)) then.replaceWith(document.adoptNode(now));
    if (now && "open" in now.dataset) setTimeout(look, every);
  };
  const list = document.getElementById("tep");
  if (list && "open" in list.dataset) setTimeout(look, every);
})();
