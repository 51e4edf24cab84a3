// Light or dark: the visitor's choice is kept on this device and wins over the system's.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const read = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* private mode: only this page */ } };
  const show = () => { root.dataset.theme = read() || (system.matches ? "dark" : "light"); };
  show();
  system.addEventListener("change", show);
  document.querySelectorAll("[data-theme-toggle]").forEach((button) => {
    button.hidden = false;
    const say = () => button.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
    say();
    button.addEventListener("click", () => {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      keep(next);
      root.dataset.theme = next;
      say();
    });
  });
})();
