// Answers of a check-list are kept on this phone until the server says that it has them, and sent again when it is back online.
// Kept: the check's code, the value chosen, and when its page was shown. Nothing about the thing or about people.
(() => {
  "use strict";
  const state = document.querySelector("[data-draft-state]");
  if (!state) return;
  const form = document.querySelector("form[data-draft]");
  const made = form ? form.dataset.draft : state.dataset.draft;
  const token = form ? form.elements.csrf_token.value : state.dataset.token;
  const name = `xunshi-draft-${made}`;
  const read = () => { try { return JSON.parse(localStorage.getItem(name)) || {}; } catch { return {}; } };
  const write = (kept) => {
    try {
      if (Object.keys(kept).length) localStorage.setItem(name, JSON.stringify(kept)); else localStorage.removeItem(name);
    } catch { /* private mode: the page still saves, it only can't wait for a connection */ }
  };
  const keep = (key, one) => write({ ...read(), [key]: one });
  const drop = (key) => { const kept = read(); delete kept[key]; write(kept); };
  const say = (what, more = "") => {
    const count = Object.keys(read()).length;
    state.hidden = false;
    state.className = `draft-state ${{ saved: "is-saved", saving: "" }[what] ?? "is-kept"}`;
    state.textContent = `${state.dataset[what].replace("{n}", count)} ${more}`.trim();
  };
  const address = (key) => `/appraisals/${made}/checks/${encodeURIComponent(key)}`;
  // "kept": no connection; "signedOut": another page came back; else what the server said
  const send = async (key, one) => {
    const body = new FormData();
    body.set("csrf_token", token); body.set("seen", one.seen); body.set("shown", one.shown); body.set("what", one.what);
    if (one.value !== null) body.set(key, one.value);
    let answer;
    try {
      answer = await fetch(address(key), { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    } catch { return "kept"; }
    if (answer.status >= 500) return "kept";
    if (!(answer.headers.get("Content-Type") || "").includes("application/json")) return answer.status === 404 ? "gone" : "signedOut";
    const told = await answer.json();
    if (told.saved || !told.conflict) drop(key);
    return told;
  };
  let busy = false;
  const sendAll = async () => {
    if (busy) return;
    busy = true;
    let sent = 0;
    for (const [key, one] of Object.entries(read())) {
      if (form && key === form.dataset.draftKey) continue; // this one is on the screen: the person sends it
      say("saving");
      const told = await send(key, one);
      if (told === "gone") { drop(key); continue; }
      if (typeof told === "string") { say(told); busy = false; return; }
      if (told.conflict) { location.assign(told.href); return; }
      if (!told.saved) { say("failed", told.problem); busy = false; return; }
      sent += 1;
    }
    busy = false;
    if (sent) {
      say("saved");
      if (!form) setTimeout(() => location.reload(), 600); // the page shows what is saved
    } else if (!Object.keys(read()).length) state.hidden = true;
  };
  const chosen = (key) => {
    const field = form.elements[key];
    return field === undefined ? null : field.value === "" ? null : field.value;
  };
  if (form) {
    const key = form.dataset.draftKey;
    const one = (what) => ({ value: what === "skip" ? null : chosen(key), what, seen: form.elements.seen.value, shown: form.elements.shown.value });
    const before = read()[key];
    if (before && form.elements[key] !== undefined && !new URLSearchParams(location.search).has("mine")) {
      if (before.value !== null) form.elements[key].value = before.value;
      say("kept");
    }
    const typed = () => { if (chosen(key) !== null) { keep(key, one("next")); say("kept"); } };
    if (form.elements[key] !== undefined) { form.addEventListener("change", (event) => { if (event.target.name === key) typed(); }); }
    form.addEventListener("submit", async (event) => {
      const what = event.submitter ? event.submitter.value : "next";
      const file = form.querySelector("input[type=file]"), ticks = form.querySelector("input[name=photo_code], input[name=photo_clean]");
      // photos and what is said of them go the plain way; so does what the server has to refuse
      if (what === "photo" || (file && file.files.length) || ticks || form.elements[key] === undefined) { drop(key); return; }
      if (what !== "skip" && chosen(key) === null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const now = one(what);
      keep(key, now);
      say("saving");
      const told = await send(key, now);
      if (told === "signedOut" || told === "gone") { form.removeAttribute("data-once"); form.requestSubmit(event.submitter); return; }
      if (told === "kept") { say("kept"); return; }
      if (told.conflict || told.saved) { if (told.conflict) drop(key); location.assign(told.href); return; }
      say("failed", told.problem);
    }, { capture: true });
  }
  document.querySelectorAll("[data-draft-drop]").forEach((link) => link.addEventListener("click", () => drop(link.dataset.draftDrop)));
  addEventListener("online", async () => {
    const key = form && form.dataset.draftKey, mine = key && read()[key];
    await sendAll();
    if (mine) { // it was pressed while there was no connection, or only chosen: send it, stay on the page
      say("saving");
      const told = await send(key, mine);
      if (typeof told === "string") { say(told); return; }
      if (told.conflict) { location.assign(told.href); return; }
      if (told.saved) { form.elements.seen.value = told.seen; say("saved"); } else say("failed", told.problem);
    }
  });
  if (Object.keys(read()).length) sendAll();
})();
