// Menus are <details>: they close on Escape and on a press elsewhere. Filters stand open on wide screens.
(() => {
  "use strict";
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  if (matchMedia("(min-width: 960px)").matches) {
    document.querySelectorAll("details[data-wide-open]").forEach((one) => { one.open = true; });
  }
})();
