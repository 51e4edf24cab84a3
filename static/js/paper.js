// Checks a certificate in the browser: [data-check-paper=address of its JSON] [data-keys=address of the key list] [data-checks=
// address of the checks themselves, which are fetched once somebody asks]. All come from this site: to trust nobody, check offline.
(() => {
  "use strict";
  const box = document.querySelector("[data-check-paper]");
  if (!box) return;
  const list = box.querySelector("[data-check-list]"), say = box.querySelector("[data-check-say]"), go = box.querySelector("[data-check-go]");
  box.hidden = false;

  const show = (answers) => {
    list.hidden = false;
    list.querySelectorAll("[data-check]").forEach((line) => {
      const code = line.dataset.check, ok = answers[code] ?? null;
      line.hidden = "checkIf" in line.dataset && !(code in answers);
      line.className = `finding tone-${ok === null ? "unknown" : ok ? "good" : "bad"}`;
      line.querySelector("use").setAttribute("href", `/static/img/icons.svg#${ok === null ? "question" : ok ? "check" : "x"}`);
      line.querySelector(".finding-word").textContent = ok === null ? box.dataset.unknown : ok ? box.dataset.yes : box.dataset.no;
    });
  };

  const able = async () => {
    try {
      await crypto.subtle.importKey("raw", Uint8Array.from({ length: 32 }, (_, n) => (n ? 0x66 : 0x58)), { name: "Ed25519" }, false, ["verify"]);
      return true;
    } catch { return false; }
  };

  go.addEventListener("click", async () => {
    go.disabled = true;
    say.textContent = "";
    try {
      if (!window.crypto?.subtle || !(await able())) { say.textContent = box.dataset.cannot; return; }
      await import(box.dataset.checks);
      const [paper, keys] = await Promise.all([box.dataset.checkPaper, box.dataset.keys].map(async (address) => (await fetch(address)).text()));
      show(await globalThis.checkPaper(paper, JSON.parse(keys)));
    } catch {
      say.textContent = box.dataset.broken;
    } finally {
      go.disabled = false;
    }
  });
})();
