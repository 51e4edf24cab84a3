// A bar that goes on by itself: the page is asked again each second, and shown anew once it has no bar any more.
(() => {
  "use strict";
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-progress]");
      if (!next) { location.reload(); return; }
      box.querySelector("progress").value = next.querySelector("progress").value;
      const words = box.querySelector("p"), said = next.querySelector("p").textContent;
      if (words.textContent !== said) words.textContent = said;
    } catch { /* no connection: the next try may have one */ }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
})();
