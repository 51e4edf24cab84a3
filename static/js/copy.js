// Copy buttons: <button data-copy="id of the field" data-copied="word to show">.
(() => {
  "use strict";
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy);
    const label = button.querySelector("span");
    if (!field || !label) return;
    const word = label.textContent;
    button.hidden = false;
    label.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        if (!document.execCommand("copy")) return; // plain http, old browsers
      }
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = word; }, 2000);
    });
  });
})();
