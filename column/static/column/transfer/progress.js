/* Keeps the numbers of a running import fresh; the page works without it. */
(() => {
  const job = document.querySelector("[data-progress]");
  if (!job) return;
  const bar = job.querySelector("progress");
  const look = async () => {
    try {
      const answer = await fetch(job.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = await answer.json();
      if (now.state !== job.dataset.state) {
        window.location.reload();
        return;
      }
      bar.value = now.percent;
      job.querySelectorAll("[data-fact]").forEach((fact, place) => {
        fact.textContent = now.facts[place];
      });
    } catch {
      /* The next look may succeed. */
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
})();
