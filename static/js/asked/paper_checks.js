// The checks of privacy/verify.py for one certificate, with WebCrypto: the same codes, the same answers (true, false, null for
// unknown), held together by tests. `checkPaper(text, keys)` takes the file as it is served and the list of keys.
(() => {
  "use strict";
  const utf8 = new TextEncoder();
  const SLACK = 60e6, AHEAD = 86400e6; // microseconds
  const LEAF = "privacy:certificate:issued", AMENDED = "privacy:certificate:amended", AMENDMENT = "certificate_amendment";

  const canonical = (value) => {
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  };
  const alike = (one, two) => canonical(one) === canonical(two);
  const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  const unhex = (line) => Uint8Array.from(line.match(/../g) || [], (pair) => parseInt(pair, 16));
  const unbase64 = (line) => {
    const raw = atob(line);
    if (btoa(raw) !== line) throw new Error("not base 64 in its one right form");
    return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  };
  const joined = (parts) => {
    const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
    parts.reduce((at, one) => (whole.set(one, at), at + one.length), 0);
    return whole;
  };
  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(parts)));
  const same = (a, b) => a.length === b.length && a.every((one, n) => one === b[n]);
  const holds = async (key, value, data) => {
    const imported = await crypto.subtle.importKey("raw", unhex(key.public), { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify("Ed25519", imported, value, data);
  };
  const worst = (answers) => (!answers.length || answers.includes(null) ? (answers.includes(false) ? false : null) : !answers.includes(false));

  // --- forms -----------------------------------------------------------------------------------------------------------
  const object = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const words = (value) => typeof value === "string";
  const text = (value) => words(value) && value !== "";
  const number = (value) => Number.isInteger(value) && value >= 0;
  const counted = (value) => Number.isInteger(value) && value >= 1;
  const numbered = (value) => words(value) && /^[A-Z]{1,4}-[0-9]{4}-[0-9]{6,9}-[0-9A-Z]$/.test(value);
  const digest = (value) => words(value) && /^[0-9a-f]{64}$/.test(value);
  const orNull = (shape) => (value) => value === null || value === undefined || shape(value);
  const anyOf = (...known) => (value) => known.includes(value);
  const shaped = (value, shape) => {
    if (typeof shape === "function") return shape(value);
    if (Array.isArray(shape)) return Array.isArray(value) && value.every((one) => shaped(one, shape[0]));
    return object(value) && Object.entries(shape).every(([name, one]) => shaped(value[name], one));
  };

  // microseconds since 1970 of a stamp, null for what names no moment
  const moment = (value) => {
    const found = words(value) && /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{6})Z$/.exec(value);
    if (!found) return null;
    const [year, month, day, hour, minute, second, micro] = found.slice(1).map(Number);
    const days = [31, year % 4 || (year % 100 === 0 && year % 400) ? 28 : 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
    if (year < 1 || !days || day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return null;
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second);
    return date.getTime() * 1000 + micro;
  };
  const time = (value) => moment(value) !== null;
  const possible = (value) => time(value) && moment(value) <= Date.now() * 1000 + AHEAD;

  const person = (role) => ({ role: anyOf(role), at: time, commitment: digest });
  const GONE = ["destroyed", "returned"];
  const STATEMENT = {
    kind: anyOf("wipe_operation"), version: counted, job: text, epoch: counted,
    media: [{ medium: text, state: anyOf("present", ...GONE) }],
    judged: [{ medium: text, profile: text, version: text, parser: text, evidence: digest }],
  };
  const CERTIFICATE = {
    number: numbered, job: numbered, epoch: counted, issued_at: time, valid_until: time, requires_signatures: counted,
    item: { category: text, device_class: text, brand: words, model: words, serials: [{ kind: text, masked: words, commitment: digest }] },
    media: [{
      id: text, kind: text, medium: text, model: words, capacity_bytes: orNull(number), parser: text,
      serial: { masked: words, commitment: digest }, file: { format: text, size: number, commitment: digest },
      rule: words, level: words, grade: words, technique: orNull(words),
    }],
    removed: [{ id: text, kind: text, medium: text, outcome: anyOf(...GONE) }],
    profile: { id: text, version: text, standard: text },
    wiped: person("wipe_operator"), verified: person("wipe_verifier"),
    after_work: [{ purpose: text, begun_at: time, ended_at: time }],
    checks: [text], consent: { text, at: time }, kept: anyOf("at_point", "sealed_bag"), seal_number: words,
    operation: { at: time, signature: { alg: text, key_id: text, value_b64: text }, statement: STATEMENT },
  };

  const form = (paper, body) => {
    if (body.kind !== "wipe_certificate" || body.version !== 1 || paper.kind !== body.kind || paper.version !== 1) return false;
    const third = "confirmed" in body ? { confirmed: person("wipe_validator") } : {};
    if (!shaped(body, { ...CERTIFICATE, ...third }) || !(body.media.length || body.removed.length) || !body.checks.length) return false;
    const acts = ["consent", "wiped", "operation", "verified", ...("confirmed" in body ? ["confirmed"] : [])];
    const times = [...acts.map((name) => body[name].at), body.issued_at, body.valid_until].map(moment);
    return times.slice(1).every((two, n) => times[n] - two <= SLACK) && times[times.length - 2] < times[times.length - 1];
  };

  // --- who signed --------------------------------------------------------------------------------------------------------
  const notOver = (key, at) => {
    if ((key.until && at > key.until) || (key.revoked_at && at >= key.revoked_at)) return false;
    return key.revoked_at ? null : true;
  };
  const fit = (key, at) => {
    if (!["certificate", "person"].includes(key.role) || !time(at) || (key.from && at < key.from)) return false;
    return notOver(key, at);
  };
  const held = async (row, key, data) => {
    if (!key) return text(row.key_id) ? null : false;
    try {
      const value = unbase64(String(row.value_b64));
      return row.alg === "Ed25519" && value.length === 64 && holds(key, value, data);
    } catch { return false; }
  };

  const enough = (body, names, found) => { // of a certificate, and of an amendment to one
    const needed = body.requires_signatures;
    if (!Number.isInteger(needed) || needed < 2 || new Set(names).size !== names.length || names.length < needed) return false;
    const persons = found.filter((key) => key && key.role === "person").map((key) => key.holder || "");
    const known = persons.filter(Boolean);
    if (new Set(known).size !== known.length) return false;
    if (found.includes(undefined) || persons.includes("")) return null;
    return persons.length > 0 && found.some((key) => key.role === "certificate");
  };

  const covers = (said, body) => {
    const parts = Object.fromEntries(["job", "epoch", "media", "removed", "profile"].map((name) => [name, CERTIFICATE[name]]));
    if (!shaped(said, STATEMENT) || !shaped(body, parts) || said.version !== 2) return false;
    const sorted = (rows) => [...new Set(rows.map(canonical))].sort();
    const states = said.media.map((one) => [one.medium, one.state]);
    const told = [...body.media.map((one) => [one.id, "present"]), ...body.removed.map((one) => [one.id, one.outcome])];
    const inside = said.media.filter((one) => one.state === "present").map((one) => one.medium);
    const passed = said.judged.filter((one) => inside.includes(one.medium)).map((one) => canonical([one.medium, one.parser])).sort();
    const last = said.judged[said.judged.length - 1];
    return said.job === body.job && said.epoch === body.epoch && new Set(states.map((one) => one[0])).size === states.length
      && alike(sorted(states), sorted(told)) && alike(passed, body.media.map((one) => canonical([one.id, one.parser])).sort())
      && (!last || (last.profile === body.profile.id && last.version === body.profile.version));
  };

  const proposes = (said, body) => {
    const rest = Object.keys(said).filter((name) => !["kind", "version", "at"].includes(name)).sort();
    const names = ["certificate", "certificate_digest", "field", "reason"];
    const whole = [["before", "after"], ["before_commitment", "after_commitment"]].some((two) => alike(rest, [...names, ...two].sort()));
    return whole && said.kind === "certificate_correction" && rest.every((name) => alike(said[name], body[name] ?? null));
  };

  // the operator's signature within a certificate; within an amendment that of whoever proposed it
  const operation = async (body, names, holders, trust) => {
    const [inner, about] = body.kind === AMENDMENT ? ["proposal", proposes] : ["operation", covers];
    const act = object(body[inner]) ? body[inner] : {}, said = act.statement, row = act.signature;
    if (!object(said) || !object(row)) return { operation: false, operator_apart: null };
    const key = trust.get(String(row.key_id)), holder = key ? key.holder || "" : "";
    const signed = await held(row, key, utf8.encode(canonical(said)));
    const good = key && key.role !== "person" ? false : worst([about(said, body), signed, key ? fit(key, String(act.at)) : null]);
    const twice = names.includes(String(row.key_id)) || (holder !== "" && holders.includes(holder));
    return { operation: good, operator_apart: twice ? false : holder !== "" ? true : null };
  };

  const signers = async (body, rows, trust) => {
    const data = utf8.encode(canonical(body)), clean = rows.map((one) => (object(one) ? one : {}));
    const names = clean.map((one) => String(one.key_id)), found = names.map((name) => trust.get(name));
    const holders = found.filter(Boolean).map((key) => key.holder || "");
    return {
      signature: worst(await Promise.all(clean.map((one, n) => held(one, found[n], data)))),
      signer: worst(found.map((key) => (key ? fit(key, String(body.issued_at)) : null))),
      two_persons: enough(body, names, found),
      ...(await operation(body, names, holders, trust)),
    };
  };

  // --- what the file says of itself, which nobody signed ---------------------------------------------------------------------
  const stands = (paper, body) => {
    const state = paper.state, asOf = String(paper.as_of), issued = String(body.issued_at), delivered = String(paper.delivered_at);
    const until = time(body.valid_until) ? body.valid_until : "";
    if (!words(state)) return null;
    if (!["issued", "delivered"].includes(state) || !possible(asOf) || !time(issued) || asOf < issued) return false;
    if (paper.ended_at !== null && paper.ended_at !== undefined) return false;
    if (state === "delivered") return time(delivered) && issued <= delivered && delivered <= (asOf < until ? asOf : until);
    return (paper.delivered_at === null || paper.delivered_at === undefined) && asOf <= until;
  };

  // --- its place in the log (RFC 9162, 2.1.3.2; C2SP signed-note, tlog-checkpoint, tlog-proof) ----------------------------------
  const root = async (index, size, leaf, proof) => {
    if (!(index >= 0 && index < size)) return null;
    let at = index, last = size - 1, found = leaf;
    const up = () => { at = Math.floor(at / 2); last = Math.floor(last / 2); }; // no bit operators: they end at 2^32
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

  const readNote = (raw) => {
    const cut = raw.lastIndexOf("\n\n");
    if (cut < 0 || !raw.endsWith("\n") || raw.length === cut + 2 || /[\x00-\x09\x0b-\x1f]/.test(raw)) throw new Error("no note");
    const lines = raw.slice(cut + 2, -1).split("\n").map((line) => {
      const [, name, value] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) || [];
      const data = unbase64(value || "!");
      if (data.length < 5) throw new Error("no signature line");
      return { name, id: hex(data.slice(0, 4)), value: data.slice(4) };
    });
    return { text: raw.slice(0, cut + 1), lines };
  };
  const readProof = (raw) => {
    const cut = raw.indexOf("\n\n"), [first, second, ...hashes] = raw.slice(0, cut).split("\n");
    const index = /^index (0|[1-9][0-9]{0,18})$/.exec(second || ""), note = readNote(raw.slice(cut + 2));
    const [origin, size, top, ...rest] = note.text.slice(0, -1).split("\n");
    const plain = /^(0|[1-9][0-9]{0,18})$/.test(size || "") && origin && rest.every(Boolean);
    const found = { index: index && Number(index[1]), hashes: hashes.map(unbase64), note, origin, size: Number(size), root: unbase64(top || "!") };
    const whole = [...found.hashes, found.root].every((one) => one.length === 32);
    if (cut < 0 || first !== "c2sp.org/tlog-proof@v1" || !index || !plain || !whole) throw new Error("no proof");
    return found;
  };
  const noteId = async (key, kind) => hex((await sha256(utf8.encode(`${key.name}\n`), Uint8Array.of(kind), unhex(key.public))).slice(0, 4));
  const linesOf = async (note, key, kind) => {
    const id = await noteId(key, kind);
    return note.lines.filter((line) => line.name === key.name && line.id === id);
  };

  const checkpoint = async (proof, created, trust) => {
    const answers = [];
    for (const key of [...trust.values()].filter((one) => one.role === "log" && one.name === proof.origin)) {
      for (const line of await linesOf(proof.note, key, 1)) {
        if (line.value.length !== 64 || !(await holds(key, line.value, utf8.encode(proof.note.text)))) return false;
        answers.push(notOver(key, created));
      }
    }
    return answers.includes(true) ? true : worst(answers);
  };
  const witnessed = async (proof, trust) => {
    const answers = [];
    for (const key of [...trust.values()].filter((one) => one.role === "witness")) {
      const lines = await linesOf(proof.note, key, 4);
      if (!lines.length) continue;
      let said = false;
      for (const line of lines.filter((one) => one.value.length === 72)) {
        const seconds = [...line.value.slice(0, 8)].reduce((sum, one) => sum * 256 + one, 0);
        const message = utf8.encode(`cosignature/v1\ntime ${seconds}\n${proof.note.text}`);
        if (seconds <= 2 ** 40 && (await holds(key, line.value.slice(8), message))) {
          said = notOver(key, new Date(seconds * 1000).toISOString().replace("Z", "000Z")) || null;
          break;
        }
      }
      answers.push(said);
    }
    return answers.length ? { witnessed: worst(answers) } : {};
  };

  const commitments = (value) => {
    if (Array.isArray(value)) return value.flatMap(commitments);
    if (!object(value)) return [];
    return [...("commitment" in value ? [String(value.commitment)] : []), ...Object.values(value).flatMap(commitments)];
  };
  const about = (leaf, paper, body, made) => {
    const said = leaf.body;
    if (leaf.type !== LEAF || leaf.subject !== body.number || !object(said)) return false;
    const names = paper.signatures.map((one) => (object(one) && one.key_id !== undefined ? one.key_id : null));
    const late = said.late === true ? { late: true } : {};
    const wanted = { certificate: body.number ?? null, digest: made, epoch: body.epoch ?? null, keys: names, ...late };
    const rows = Array.isArray(leaf.commitments) ? leaf.commitments : null;
    const told = rows && rows.filter(object).map((one) => String(one.commitment)).sort();
    const fits = rows && ((said.late === true && !rows.length) || alike(told, commitments(body).sort()));
    return alike(said, wanted) && leaf.v === 1 && Boolean(fits);
  };
  const dated = (leaf, log, paper, body) => {
    const [issued, created, since, asOf] = [body.issued_at, leaf.created, log.since, paper.as_of].map(moment);
    if (issued === null || created === null || since === null || created - since > SLACK) return false;
    if (asOf !== null && since - asOf > SLACK) return false;
    return object(leaf.body) && leaf.body.late === true ? null : Math.abs(created - issued) <= SLACK;
  };

  const entered = async (paper, body, made, trust) => {
    const log = paper.log;
    if (!object(log) || log.state !== "entered") return { in_log: null };
    if (!words(log.leaf) || !words(log.proof)) return { in_log: false };
    let proof, leaf;
    try {
      proof = readProof(log.proof);
      leaf = JSON.parse(log.leaf);
    } catch { return { in_log: false }; }
    if (!object(leaf)) leaf = {};
    const found = await root(proof.index, proof.size, await sha256(Uint8Array.of(0), utf8.encode(log.leaf)), proof.hashes);
    const right = Number.isInteger(log.index) && log.index === proof.index && canonical(leaf) === log.leaf;
    return {
      leaf: right && about(leaf, paper, body, made),
      dated: dated(leaf, log, paper, body),
      inclusion: found !== null && same(found, proof.root),
      checkpoint: await checkpoint(proof, String(leaf.created), trust),
      ...(await witnessed(proof, trust)),
    };
  };

  // --- slips of the pen that two people corrected ------------------------------------------------------------------------------
  const CLERICAL = {
    brand: ["item", "brand"], model: ["item", "model"], wiped_point: ["wiped", "organisation", "name"],
    verified_point: ["verified", "organisation", "name"], hand_date: [], owner_words: [],
  };
  const ACT = { role: text, at: time, commitment: digest, organisation: { id: text, name: text } };
  const SLIP = {
    kind: anyOf(AMENDMENT), certificate: text, certificate_digest: digest, n: counted, field: anyOf(...Object.keys(CLERICAL)),
    reason: text, proposed: ACT, approved: ACT, issued_at: time,
    proposal: { at: time, signature: { alg: text, key_id: text, value_b64: text }, statement: { kind: text } },
  };
  const readsOn = (told, body, stood) => {
    if (told.field === "owner_words") return ["before", "after"].every((name) => digest(told[`${name}_commitment`]) && !(name in told));
    if (!text(told.before) || !text(told.after) || told.before === told.after) return false;
    const place = CLERICAL[told.field], value = place.reduce((inner, name) => (object(inner) ? inner[name] ?? null : null), body);
    const before = told.field in stood ? stood[told.field] : value;
    stood[told.field] = told.after;
    return !place.length || before === told.before;
  };
  const amendedLog = async (log, told, rows, made, trust) => {
    if (!object(log) || log.state !== "entered") return null;
    let proof, leaf;
    try {
      proof = readProof(String(log.proof));
      leaf = JSON.parse(String(log.leaf));
    } catch { return false; }
    if (!object(leaf)) leaf = {};
    const names = rows.map((one) => (object(one) && one.key_id !== undefined ? one.key_id : null));
    const wanted = { certificate: told.certificate, of: told.certificate_digest, n: told.n, digest: made, area: told.field, keys: names };
    const hidden = ["before_commitment", "after_commitment"].filter((name) => name in told).map((name) => String(told[name]));
    const mine = [told.proposed.commitment, told.approved.commitment, ...hidden].sort();
    const committed = (Array.isArray(leaf.commitments) ? leaf.commitments : []).filter(object).map((one) => String(one.commitment)).sort();
    const right = leaf.type === AMENDED && leaf.subject === `${told.certificate}/${told.n}` && alike(leaf.body ?? null, wanted)
      && alike(committed, mine) && Number.isInteger(log.index) && log.index === proof.index && canonical(leaf) === String(log.leaf);
    const found = await root(proof.index, proof.size, await sha256(Uint8Array.of(0), utf8.encode(canonical(leaf))), proof.hashes);
    const dated_ = time(leaf.created) && Math.abs(moment(leaf.created) - moment(told.issued_at)) <= SLACK;
    return worst([right, found !== null && same(found, proof.root), dated_, await checkpoint(proof, String(leaf.created), trust)]);
  };
  const amendments = async (paper, body, made, trust) => {
    const rows = paper.amendments ?? [];
    if (!Array.isArray(rows)) return { amended: false };
    const found = {}, stood = {};
    const add = (code, ok) => (found[code] = [...(found[code] || []), ok]);
    for (const [at, given] of rows.entries()) {
      const row = object(given) ? given : {}, told = row.body;
      if (!object(told) || !Array.isArray(row.signatures) || !shaped(told, SLIP)) { add("amended", false); continue; }
      const own = hex(await sha256(utf8.encode(canonical(told))));
      const about_ = told.certificate === (body.number ?? null) && told.certificate_digest === made && told.n === at + 1;
      add("amended", row.digest === own && about_ && readsOn(told, body, stood));
      add("amended_signed", worst(Object.values(await signers(told, row.signatures, trust))));
      add("amended_log", await amendedLog(row.log, told, row.signatures, own, trust));
    }
    return Object.fromEntries(Object.entries(found).map(([code, answers]) => [code, worst(answers)]));
  };

  // Throws for what is no certificate, or isn't written in the one canonical way in which it is served.
  globalThis.checkPaper = async (raw, keys) => {
    const paper = JSON.parse(raw), body = paper.body;
    const known = paper.kind === "wipe_certificate" && paper.version === 1 && object(body) && Array.isArray(paper.signatures);
    if (!known || canonical(paper) !== raw) throw new Error("no certificate");
    const trust = new Map(keys.keys.map((key) => [key.key_id, key])), made = hex(await sha256(utf8.encode(canonical(body))));
    return {
      form: form(paper, body),
      digest: paper.digest === made,
      ...(await signers(body, paper.signatures, trust)),
      stands: stands(paper, body),
      ...(await entered(paper, body, made, trust)),
      ...(await amendments(paper, body, made, trust)),
    };
  };
})();
