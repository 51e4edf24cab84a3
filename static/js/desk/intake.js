// The intake screen: what the giver will get follows the price while it is typed. Without this the button "Reckon" does the same.
(() => {
  "use strict";
  const line = document.querySelector("[data-reckon]");
  if (!line) return;
  const form = line.closest("form");
  const wanted = form.elements.wanted, reserve = form.elements.reserve;
  let waits, asked = 0;
  const ask = async () => {
    const mine = ++asked;
    const query = new URLSearchParams({ kind: line.dataset.kind, wanted: wanted.value, reserve: reserve.value });
    try {
      const answer = await fetch(`${line.dataset.reckon}?${query}`, { headers: { Accept: "application/json" } });
      const told = answer.ok ? await answer.json() : { said: "" };
      if (mine === asked) line.textContent = told.said;
    } catch { /* the line is down: the button still reckons on the server later */ }
  };
  [wanted, reserve].forEach((field) => field.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(ask, 250); }));
})();
