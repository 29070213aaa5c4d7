// “Sao chép tin nhắn”: the text beside it can be selected by hand where this does not run.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const said = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      // Only there on a secure connection.
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy");
    }
    said.textContent = button.dataset.copied;
  });
}
