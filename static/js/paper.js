// Checks a certificate in the browser: [data-check-paper=address of its JSON] [data-keys=address of the key list].
// The same checks as privacy/verify.py, with WebCrypto. Keys come from this site: to trust nobody, check offline.
(() => {
  "use strict";
  const box = document.querySelector("[data-check-paper]");
  if (!box) return;
  const list = box.querySelector("[data-check-list]"), say = box.querySelector("[data-check-say]"), go = box.querySelector("[data-check-go]");
  const text = new TextEncoder();
  box.hidden = false;

  const canonical = (value) => {
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  };
  const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  const unhex = (line) => Uint8Array.from(line.match(/../g) || [], (pair) => parseInt(pair, 16));
  const unbase64 = (line) => Uint8Array.from(atob(line), (letter) => letter.charCodeAt(0));
  const sha256 = async (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    parts.forEach((one) => { whole.set(one, at); at += one.length; });
    return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  };
  const same = (a, b) => a.length === b.length && a.every((one, n) => one === b[n]);
  const signed = async (key, value, data) => {
    const imported = await crypto.subtle.importKey("raw", unhex(key.public), { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify("Ed25519", imported, value, data);
  };

  // RFC 9162, 2.1.3.2; whole numbers beyond 2^32 need no bit operators
  const root = async (index, size, leaf, proof) => {
    if (!(index >= 0 && index < size)) return null;
    let at = index, last = size - 1, found = leaf;
    const up = () => { at = Math.floor(at / 2); last = Math.floor(last / 2); };
    for (const one of proof) {
      if (last === 0) return null;
      if (at % 2 || at === last) {
        found = await sha256(Uint8Array.of(1), one, found);
        while (at % 2 === 0 && at) up();
      } else {
        found = await sha256(Uint8Array.of(1), found, one);
      }
      up();
    }
    return last === 0 ? found : null;
  };

  const signatures = async (paper, keys, data) => {
    const answers = await Promise.all(paper.signatures.map((one) => {
      const key = keys.find((each) => each.key_id === one.key_id);
      if (!key) return null;
      const fits = one.alg === "Ed25519" && ["certificate", "person"].includes(key.role) && !key.revoked_at;
      return fits && signed(key, unbase64(one.value_b64), data);
    }));
    if (answers.includes(false)) return false;
    return answers.length && !answers.includes(null) ? true : null;
  };

  const inLog = async (paper, keys, digest) => {
    if (!paper.log || paper.log.state !== "entered") return {};
    const leaf = JSON.parse(paper.log.leaf), [head, ...rest] = paper.log.proof.split("\n\n");
    const note = rest.join("\n\n"), [word, index, ...hashes] = head.split("\n");
    const [body, lines] = [note.slice(0, note.lastIndexOf("\n\n") + 1), note.slice(note.lastIndexOf("\n\n") + 2).trim().split("\n")];
    const [origin, size, top] = body.split("\n");
    const hash = await sha256(Uint8Array.of(0), text.encode(paper.log.leaf));
    const made = await root(Number(index.replace("index ", "")), Number(size), hash, hashes.map(unbase64));
    const about = leaf.type === "privacy:certificate:issued" && leaf.subject === paper.body.number && leaf.body.digest === digest;
    const key = keys.find((one) => one.role === "log" && one.name === origin && !one.revoked_at);
    const mine = key && lines.map((line) => line.split(" ")).find(([, name, value]) =>
      name === origin && hex(unbase64(value).slice(0, 4)) === key.vkey.split("+")[1]);
    return {
      leaf: about && canonical(leaf) === paper.log.leaf,
      inclusion: word === "c2sp.org/tlog-proof@v1" && made !== null && same(made, unbase64(top)),
      checkpoint: mine ? await signed(key, unbase64(mine[2]).slice(4), text.encode(body)) : null,
    };
  };

  const show = (answers) => {
    list.hidden = false;
    list.querySelectorAll("[data-check]").forEach((line) => {
      const ok = answers[line.dataset.check] ?? null;
      line.className = `finding tone-${ok === null ? "unknown" : ok ? "good" : "bad"}`;
      line.querySelector("use").setAttribute("href", `/static/img/icons.svg#${ok === null ? "question" : ok ? "check" : "x"}`);
      line.querySelector(".finding-word").textContent = ok === null ? box.dataset.unknown : ok ? box.dataset.yes : box.dataset.no;
    });
  };

  const able = async () => {
    try {
      await crypto.subtle.importKey("raw", unhex(`58${"66".repeat(31)}`), { name: "Ed25519" }, false, ["verify"]);
      return true;
    } catch { return false; }
  };

  go.addEventListener("click", async () => {
    go.disabled = true;
    say.textContent = "";
    try {
      if (!window.crypto?.subtle || !(await able())) { say.textContent = box.dataset.cannot; return; }
      const [paper, known] = await Promise.all([box.dataset.checkPaper, box.dataset.keys].map(async (address) => (await fetch(address)).json()));
      const data = text.encode(canonical(paper.body)), digest = hex(await sha256(data));
      show({
        digest: digest === paper.digest,
        signature: await signatures(paper, known.keys, data),
        ...(await inLog(paper, known.keys, digest)),
      });
    } catch {
      say.textContent = box.dataset.broken;
    } finally {
      go.disabled = false;
    }
  });
})();
