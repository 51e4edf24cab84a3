// Forms: sent once, sorted at once, and after an error the reader starts at the summary.
(() => {
  "use strict";
  document.querySelector("[data-error-summary]")?.focus();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Coming back with the Back button shows the same page again: it may be sent again.
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((one) => one.removeAttribute("aria-busy"));
    });
  });
  document.querySelectorAll("form[data-autosubmit]").forEach((form) => {
    const button = form.querySelector("[type=submit]");
    if (button) button.hidden = true;
    form.addEventListener("change", () => form.requestSubmit());
  });
})();
