// A button with data-confirm asks first, in a dialog of our own; without JavaScript the server's page asks.
(() => {
  "use strict";
  const template = document.getElementById("confirm-template");
  if (!template || !window.HTMLDialogElement) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button.dataset.agreed) return;
    event.preventDefault();
    event.stopPropagation();
    const dialog = template.content.firstElementChild.cloneNode(true);
    dialog.querySelector(".ask-text").textContent = button.dataset.confirm;
    dialog.addEventListener("close", () => {
      dialog.remove();
      button.focus();
      if (dialog.returnValue !== "yes") return;
      button.dataset.agreed = "yes";
      button.click();
      delete button.dataset.agreed;
    });
    document.body.append(dialog);
    dialog.showModal();
  }, true);
})();
