// SPDX-License-Identifier: AGPL-3.0-or-later
// Inspecting on a phone, also where there is no network. Whatever is tapped, typed or photographed lies in this browser
// (IndexedDB) before anything else; from there it goes to the server by itself, each piece once, as soon as there is a
// network. Every piece has a name of its own (uid, Idempotency-Key), so that one whose answer was lost is not made twice.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const main = $("main"), said = $("words").dataset;
  const words = (key, ...args) => args.reduce((text, arg, i) => text.replace(`{${i}}`, arg), said[key] ?? "");
  const copy = (id) => $(id).content.firstElementChild.cloneNode(true);
  const copies = (id) => $(id).content.cloneNode(true);
  const instant = (ms) => new Date(ms + 8 * 3600e3).toISOString().replace("Z", "+08:00");
  const clock = (ms) => instant(ms).slice(5, 16).replace("T", " ");

  /* ---- what lies in this browser ---- */

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const opened = (() => {
    const request = indexedDB.open("inspections", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kits", { keyPath: "account" });
      request.result.createObjectStore("drafts", { keyPath: "uid" });
      request.result.createObjectStore("photos", { keyPath: "key", autoIncrement: true }).createIndex("uid", "uid");
    };
    return done(request);
  })();
  const store = async (name, mode = "readonly") => (await opened).transaction(name, mode).objectStore(name);
  // Written when the disk has it, not when it is on its way there.
  async function put(name, value) {
    const transaction = (await opened).transaction(name, "readwrite", { durability: "strict" });
    const written = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const key = done(transaction.objectStore(name).put(value));
    await written;
    return key;
  }
  const all = async (name) => done((await store(name)).getAll());
  const photosOf = async (uid) => done((await store("photos")).index("uid").getAll(uid));
  const remove = async (name, key) => done((await store(name, "readwrite")).delete(key));

  /* ---- the server ---- */

  class Away extends Error {} // no network, or a server that cannot now
  let session = null; // {account, csrf} of whoever is signed in
  async function call(method, path, { json, body, key } = {}) {
    const headers = { "Content-Type": json ? "application/json" : body?.type ?? "application/json" };
    if (session) headers["X-CSRF-Token"] = session.csrf;
    if (key) headers["Idempotency-Key"] = key;
    const reply = await fetch(`/api${path}`, { method, headers: method === "GET" ? {} : headers, body: json ? JSON.stringify(json) : body })
      .catch(() => { throw new Away(); });
    const text = await reply.text().catch(() => { throw new Away(); });
    if (reply.status >= 500 || reply.status === 429) throw new Away();
    let answer = null;
    try { answer = JSON.parse(text); } catch { /* nothing to read */ }
    return { ok: reply.ok, status: reply.status, body: answer };
  }
  async function whoAmI() {
    const reply = await call("GET", "/session");
    session = reply.ok ? { account: reply.body.account, csrf: reply.body.csrf } : null;
    return session;
  }
  const refusal = ({ body }) => [body?.error?.message, ...(body?.error?.fields ?? []).map(({ message }) => message)].filter(Boolean).join(" ");

  /* ---- the kit: what somebody may have to look at ---- */

  let kit = null;
  async function renewKit() {
    const asked = new URLSearchParams(location.search).get("contract_id");
    const reply = await call("GET", `/inspections/kit${asked ? `?contract_id=${encodeURIComponent(asked)}` : ""}`);
    if (!reply.ok) return;
    kit = { ...reply.body, saved_at: Date.now() };
    await put("kits", kit);
  }
  const contractOf = (id) => kit?.contracts.find((contract) => contract.id === id);

  /* ---- a draft: one inspection on its way ---- */

  const drafts = new Map();
  let pictures = new Map(); // uid -> photos, with their bytes, while the draft is on the screen
  const save = (draft) => put("drafts", draft);
  const ownDrafts = () => [...drafts.values()].filter(({ account }) => account === kit?.account);
  const asks = (frequency, items) => (frequency ? items.filter((item) => kit.asks[frequency].includes(item.frequency)) : items);

  function locate(draft) {
    navigator.geolocation?.getCurrentPosition(async ({ coords }) => {
      draft.latitude = Math.round(coords.latitude * 1e6);
      draft.longitude = Math.round(coords.longitude * 1e6);
      await save(draft);
    }, () => { /* not known, then */ }, { maximumAge: 60e3, timeout: 20e3 });
  }
  async function begin(contract, area, task) {
    const draft = {
      uid: crypto.randomUUID(), account: kit.account, contract_id: contract.id, area_id: area.id, task_id: task?.id ?? null,
      area_name: area.name, provider_name: contract.provider_name, standard_id: contract.standard_id, standard_name: contract.standard_name,
      level: task?.level ?? kit.level, items: asks(task?.frequency, contract.items), answers: {}, started_at: Date.now(), state: "working",
    };
    drafts.set(draft.uid, draft);
    await save(draft);
    locate(draft);
    location.hash = draft.uid;
    sync();
    return draft;
  }
  const hundredths = (points) => Math.round(Number(points) * 100);
  const spoken = (value) => String(value / 100);
  function lost(item, answer) {
    const points = hundredths(item.points), each = hundredths(item.deduction);
    return item.fatal || !each ? points : Math.min(points, each * answer.findings);
  }
  // As inspection_score works it out.
  function score(draft) {
    let given = 0, most = 0, taken = 0, fatal = false;
    for (const item of draft.items) {
      const answer = draft.answers[item.item_id];
      if (!answer || answer.result === "na") continue;
      const off = answer.result === "fail" ? lost(item, answer) : 0;
      fatal ||= answer.result === "fail" && item.fatal;
      given += hundredths(item.points) - off;
      most += hundredths(item.points);
      taken += off;
    }
    return { value: fatal || !most ? 0 : Math.floor((given * 20000 + most) / (2 * most)), taken, any: most > 0 };
  }
  const photosAt = (draft, item) => (pictures.get(draft.uid) ?? []).filter(({ item_id: id }) => id === item.item_id);
  // The first item that lacks something, and what: "left", "lacksPhoto", "lacksNote".
  function lacking(draft) {
    for (const item of draft.items) {
      const answer = draft.answers[item.item_id];
      if (!answer) return { item, what: "left" };
      if (answer.result !== "fail" || photosAt(draft, item).length) continue;
      if (item.photo) return { item, what: "lacksPhoto" };
      if (!answer.note.trim()) return { item, what: "lacksNote" };
    }
    return null;
  }

  /* ---- sending ---- */

  class Refused extends Error {}
  const expect = (reply) => { if (!reply.ok) throw new Refused(refusal(reply)); return reply.body; };
  const beginning = ({ uid, contract_id, area_id, standard_id, task_id, level, latitude, longitude, started_at }) => ({
    uid, contract_id, area_id, standard_id, level, device_started_at: instant(started_at), ...(task_id ? { task_id } : {}),
    ...(latitude || longitude ? { latitude, longitude } : {}) });
  async function sendPhoto(draft, photo) {
    const query = new URLSearchParams({ item_id: photo.item_id, taken_at: instant(photo.taken_at),
      ...(photo.latitude || photo.longitude ? { latitude: photo.latitude, longitude: photo.longitude } : {}) });
    expect(await call("POST", `/inspections/${draft.id}/photos?${query}`, { body: photo.blob, key: `${draft.uid}-${photo.key}` }));
    photo.sent = true;
    await put("photos", photo);
  }
  async function sendFinish(draft) {
    const items = draft.items.map(({ item_id }) => ({ item_id, ...draft.answers[item_id] }))
      .map(({ item_id, result, findings, note, due_on }) => (result === "fail"
        ? { item_id, result, findings, note, ...(due_on ? { due_on } : {}) } : { item_id, result }));
    const reply = await call("POST", `/inspections/${draft.id}/finish`, {
      json: { items, device_finished_at: instant(draft.finished_at) }, key: `${draft.uid}-finish` });
    if (reply.ok) return reply.body;
    const there = expect(await call("GET", `/inspections/${draft.id}`)); // did it arrive, and only the answer was lost?
    if (!["finished", "countersigned"].includes(there.state)) throw new Refused(refusal(reply));
    return there;
  }
  async function send(draft) {
    if (!draft.id) {
      draft.id = expect(await call("POST", "/inspections", { json: beginning(draft), key: `${draft.uid}-begin` })).id;
      await save(draft);
    }
    for (const photo of await photosOf(draft.uid)) if (!photo.sent) await sendPhoto(draft, photo);
    if (!draft.finished_at) return;
    draft.result = await sendFinish(draft);
    draft.state = "sent";
    await save(draft);
    for (const { key } of await photosOf(draft.uid)) await remove("photos", key);
  }
  let failure = ""; // why nothing goes: "", "away", "signIn"
  async function sendAll() {
    const waiting = () => ownDrafts().filter(({ state }) => state === "working" || state === "waiting");
    try {
      if (!await whoAmI()) { failure = "signIn"; return; }
      failure = "";
      if (!kit || kit.account !== session.account || Date.now() - kit.saved_at > 60e3) await renewKit();
      for (const draft of waiting()) {
        try {
          await send(draft);
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          Object.assign(draft, { state: "conflict", conflict: error.message });
          await save(draft);
        }
      }
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      failure = "away";
    }
  }
  // One page at a time sends; what is asked for meanwhile is done afterwards, once.
  let running = null, again = false;
  function sync() {
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        await (navigator.locks?.request("inspections", sendAll) ?? sendAll());
        await show();
      }
      running = null;
    })();
    return running;
  }

  /* ---- on the screen ---- */

  const here = () => drafts.get(location.hash.slice(1));
  const head = (title, count, back) => {
    $("title").textContent = title;
    $("count").textContent = count;
    $("back").href = back;
  };
  async function showNet() {
    const own = ownDrafts().filter(({ state }) => state === "working" || state === "waiting");
    const unsent = (await all("photos")).filter(({ uid, sent }) => !sent && own.some((draft) => draft.uid === uid)).length;
    const answers = own.reduce((sum, draft) => sum + Object.keys(draft.answers).length, 0);
    const waiting = own.filter(({ state }) => state === "waiting").length;
    const net = $("net"), text = net.querySelector("span");
    const offline = failure === "away" || !navigator.onLine;
    net.hidden = !(offline || failure === "signIn" || waiting);
    net.classList.toggle("calm", !offline && failure !== "signIn");
    text.textContent = offline ? words("offline", answers, unsent) : failure === "signIn" ? words("signIn") : words("sending", waiting);
    if (failure === "signIn" && !offline) {
      const link = document.createElement("a");
      link.href = `/login?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = words("signIn");
      text.replaceChildren(link);
    }
  }
  function row({ title, about, note, tone, act }) {
    const one = copy("t-row");
    one.querySelector("b").textContent = title;
    one.querySelector("small").textContent = about;
    one.querySelector("em").textContent = note ?? "";
    if (tone) one.querySelector("em").className = tone;
    one.addEventListener("click", act);
    return one;
  }
  const heading = (text) => { const one = copy("t-heading"); one.textContent = text; return one; };
  const STATES = { working: ["working", "acc"], waiting: ["queued", "warn"], conflict: ["conflict", "bad"], sent: ["sent", "ok"] };
  // The same task was submitted from another phone, too, and nobody has said yet which counts.
  const isTwice = (draft) => draft.state === "sent" && (kit?.twice ?? []).some((one) => [one.inspection_id, one.other_id].includes(draft.id));
  const draftRow = (draft) => row({
    title: draft.area_name, about: `${draft.provider_name} · ${clock(draft.started_at)}`, note: words(isTwice(draft) ? "twiceShort" : STATES[draft.state][0]),
    tone: isTwice(draft) ? "bad" : STATES[draft.state][1], act: () => { location.hash = draft.uid; } });
  function taskRow(task) {
    const contract = contractOf(task.contract_id), overdue = Date.parse(task.due_at) < Date.now();
    return row({
      title: task.area_name, about: `${words(`level${task.level[0].toUpperCase()}${task.level.slice(1)}`)} · ${task.provider_name}`,
      note: words(overdue ? "overdue" : "due", clock(Date.parse(task.due_at))), tone: overdue ? "bad" : "",
      act: () => contract && begin(contract, { id: task.area_id, name: task.area_name }, task) });
  }
  const unfolded = new Set(); // contracts whose areas are looked at: they stay so when the list comes anew
  function contractRows(contract) {
    const one = copy("t-contract");
    one.open = unfolded.has(contract.id);
    one.addEventListener("toggle", () => unfolded[one.open ? "add" : "delete"](contract.id));
    one.querySelector("summary").textContent = contract.name;
    one.append(...contract.areas.map((area) => row({ title: area.name, about: area.place, act: () => begin(contract, area) })));
    return one;
  }
  function showHome() {
    head(words("mine"), "", "/");
    $("progress").hidden = $("foot").hidden = true;
    if (!kit) {
      const empty = document.createElement("p");
      empty.className = "ph-empty";
      empty.textContent = words("noKit");
      main.replaceChildren(empty);
      return;
    }
    const own = ownDrafts().sort((a, b) => b.started_at - a.started_at);
    const live = own.filter(({ state }) => state !== "sent"), sent = own.filter(({ state }) => state === "sent").slice(0, 5);
    const begun = new Set(own.map(({ task_id: id }) => id));
    const tasks = kit.tasks.filter(({ id, contract_id: contract }) => !begun.has(id) && contractOf(contract));
    const parts = [];
    if (live.length) parts.push(heading(words("working")), ...live.map(draftRow));
    parts.push(heading(tasks.length ? words("tasks", tasks.length) : words("noTasks")), ...tasks.map(taskRow));
    parts.push(heading(words("areas")), ...kit.contracts.filter(({ areas }) => areas.length).map(contractRows));
    if (sent.length) parts.push(heading(words("sent")), ...sent.map(draftRow));
    main.replaceChildren(...parts);
  }

  /* ---- one inspection ---- */

  let shown = null; // uid of the draft whose items stand on the screen
  function showProgress(draft) {
    const answered = draft.items.filter(({ item_id: id }) => draft.answers[id]).length;
    head(draft.area_name, words("items", answered, draft.items.length), "#");
    $("progress").hidden = false;
    $("progress").setAttribute("aria-label", words("progress", answered, draft.items.length));
    $("progress").replaceChildren(...draft.items.map(({ item_id: id }) => {
      const bar = document.createElement("i");
      bar.className = draft.answers[id]?.result ?? "";
      return bar;
    }));
    const { value, taken, any } = score(draft), lacks = lacking(draft), go = $("go");
    $("score").textContent = any ? (value / 100).toFixed(2) : "—";
    $("lost").textContent = taken ? words("lost", spoken(taken)) : "";
    $("foot").hidden = false;
    go.classList.toggle("lacking", Boolean(lacks));
    go.textContent = !lacks ? words("submit")
      : lacks.what === "left" ? words("left", draft.items.length - answered) : words(lacks.what, draft.items.indexOf(lacks.item) + 1);
    const rest = main.querySelector(".ph-rest"), easy = restOf(draft);
    if (rest) {
      rest.hidden = !easy.length || !kit.rest_passes.includes(draft.level);
      rest.textContent = words("rest", easy.length);
    }
  }
  const restOf = (draft) => draft.items.filter(({ item_id: id, fatal, photo }) => !draft.answers[id] && !fatal && !photo);
  function showPhotos(draft, item, section) {
    const grid = section.querySelector(".ph-photos"), add = grid.querySelector(".ph-add");
    for (const old of grid.querySelectorAll("figure")) { URL.revokeObjectURL(old.firstElementChild.src); old.remove(); }
    for (const photo of photosAt(draft, item)) {
      const one = copy("t-photo");
      one.querySelector("img").src = URL.createObjectURL(photo.blob);
      one.querySelector("img").alt = words("found", clock(photo.taken_at));
      one.querySelector("figcaption").textContent = clock(photo.taken_at);
      one.querySelector("button").hidden = Boolean(photo.sent);
      one.querySelector("button").addEventListener("click", async () => {
        await remove("photos", photo.key);
        await lookAt(draft);
        showPhotos(draft, item, section);
        showProgress(draft);
      });
      add.before(one);
    }
  }
  const lookAt = async (draft) => { pictures = new Map([[draft.uid, await photosOf(draft.uid)]]); };
  function showFail(draft, item, section) {
    const answer = draft.answers[item.item_id], fails = answer?.result === "fail";
    section.querySelector(".ph-fail").hidden = !fails;
    if (!fails) return;
    const each = hundredths(item.deduction), all = item.fatal || !each;
    section.querySelector("[data-each]").textContent = all ? words("all", spoken(hundredths(item.points))) : words("each", spoken(each), spoken(hundredths(item.points)));
    section.querySelector(".ph-step").hidden = all;
    section.querySelector("output").textContent = words("seen", spoken(lost(item, answer)), answer.findings);
    section.querySelector("[data-photo-hint]").textContent = words(item.photo ? "photoWanted" : "noteOrPhoto");
    showPhotos(draft, item, section);
  }
  function itemSection(draft, item, number) {
    const section = copy("t-item"), id = item.item_id;
    const answer = () => draft.answers[id];
    const keep = async () => { await save(draft); showFail(draft, item, section); showProgress(draft); };
    section.id = `item-${id}`;
    section.querySelector(".ph-q").textContent = `${number}. ${item.part ? `${item.part}：` : ""}${item.text}`;
    const about = [item.method_words, words("points", spoken(hundredths(item.points))), item.term && words("term", item.term), item.fatal && words("fatal")];
    section.querySelector(".ph-m").append(...about.filter(Boolean).map((text) => Object.assign(document.createElement("span"), { textContent: text })));
    const group = section.querySelector(".pfn");
    group.setAttribute("aria-label", item.text);
    for (const input of group.querySelectorAll("input")) {
      input.name = `result-${id}`;
      input.checked = answer()?.result === input.value;
      input.addEventListener("change", () => {
        draft.answers[id] = { findings: 1, note: "", ...answer(), result: input.value };
        keep();
      });
    }
    for (const [selector, by] of [["[data-less]", -1], ["[data-more]", 1]])
      section.querySelector(selector).addEventListener("click", () => {
        answer().findings = Math.min(99, Math.max(1, answer().findings + by));
        keep();
      });
    const note = section.querySelector("textarea"), due = section.querySelector("input[type=date]");
    note.setAttribute("aria-label", item.text);
    note.value = answer()?.note ?? "";
    note.addEventListener("input", () => { answer().note = note.value; keep(); });
    due.value = answer()?.due_on ?? "";
    due.addEventListener("change", () => { answer().due_on = due.value; keep(); });
    section.querySelector("input[type=file]").addEventListener("change", async (e) => {
      const [file] = e.target.files;
      e.target.value = "";
      if (!file) return;
      const blob = await window.shrinkPhoto(file, 1280).catch(() => file);
      await put("photos", { uid: draft.uid, item_id: id, blob, taken_at: Date.now(), latitude: draft.latitude ?? 0, longitude: draft.longitude ?? 0, sent: false });
      await lookAt(draft);
      await keep();
      sync();
    });
    showFail(draft, item, section);
    return section;
  }
  async function showItems(draft) {
    await lookAt(draft);
    if (shown !== draft.uid) {
      const about = copy("t-about"), rest = about.querySelector("button");
      about.querySelector("span").textContent = `${draft.provider_name} · ${draft.standard_name}`;
      rest.addEventListener("click", async () => {
        for (const { item_id: id } of restOf(draft)) draft.answers[id] = { result: "pass", findings: 1, note: "" };
        await save(draft);
        shown = null;
        show();
      });
      main.replaceChildren(about, ...draft.items.map((item, i) => itemSection(draft, item, i + 1)));
      shown = draft.uid;
    } else {
      for (const item of draft.items) showFail(draft, item, $(`item-${item.item_id}`));
    }
    showProgress(draft);
  }

  /* ---- what came of it ---- */

  function statusOf(draft, failed) {
    const [other] = draft.result?.same_task ?? [];
    if (draft.state !== "sent") return words("waiting");
    if (other) return words("twice", other.inspector_name, clock(Date.parse(other.finished_at)));
    if (isTwice(draft)) return words("twiceShort");
    return draft.result?.state === "countersigned" ? words("signed", draft.result.companion_name) : words(failed ? "result" : "clean");
  }
  function showFailed(draft, list) {
    list.replaceChildren(...draft.items.filter(({ item_id: id }) => draft.answers[id].result === "fail").map((item) => {
      const one = copy("t-failed"), answer = draft.answers[item.item_id];
      one.querySelector(".ph-q").textContent = `${draft.items.indexOf(item) + 1}. ${item.text}`;
      const bad = Object.assign(document.createElement("span"), { className: "bad", textContent: words("seen", spoken(lost(item, answer)), answer.findings) });
      one.querySelector(".ph-m").append(bad, answer.note);
      return one;
    }));
  }
  function signForm(draft) {
    const part = copies("t-sign"), form = part.querySelector("form"), fault = form.querySelector(".ph-fault");
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      const { account, password, objection } = Object.fromEntries(new FormData(form));
      fault.hidden = true;
      try {
        const reply = await call("POST", `/inspections/${draft.id}/companion`, { json: { account, password, objection, sha256: draft.result.sha256 } });
        if (reply.ok) Object.assign(draft, { result: reply.body });
        else Object.assign(fault, { hidden: false, textContent: refusal(reply) });
      } catch {
        Object.assign(fault, { hidden: false, textContent: words("notYet") });
      }
      await save(draft);
      shown = null;
      if (fault.hidden) show();
    });
    return part;
  }
  function showResult(draft) {
    if (shown === `${draft.uid} ${draft.state} ${draft.result?.state}`) return;
    shown = `${draft.uid} ${draft.state} ${draft.result?.state}`;
    head(draft.area_name, "", "#");
    $("foot").hidden = $("progress").hidden = true;
    const part = copies("t-result"), of = (result) => Object.values(draft.answers).filter((answer) => answer.result === result).length;
    const { value } = score(draft), failed = of("fail");
    for (const [selector, text] of [["[data-passed]", of("pass")], ["[data-failed]", failed], ["[data-na]", of("na")],
      ["[data-score]", draft.result?.score ?? (value / 100).toFixed(2)]]) part.querySelector(selector).textContent = text;
    part.querySelector("[data-failed]").classList.toggle("bad", failed > 0);
    const status = part.querySelector(".ph-state p"), link = part.querySelector(".ph-state a");
    status.textContent = statusOf(draft, failed);
    status.classList.toggle("bad", Boolean(draft.result?.same_task?.length) || isTwice(draft));
    if (draft.id && draft.state === "sent") Object.assign(link, { hidden: false, href: `/inspections/${draft.id}` });
    showFailed(draft, part.querySelector(".ph-failed"));
    const nodes = [part];
    if (draft.result?.state === "finished") nodes.push(signForm(draft));
    main.replaceChildren(...nodes);
  }
  // The standard was changed, somebody took it back, another did the task: what was found is carried over, or dropped.
  async function beginAgain(draft) {
    await renewKit().catch(() => { /* with what is here, then */ });
    const contract = contractOf(draft.contract_id);
    if (!contract) return;
    const task = kit.tasks.find(({ id }) => id === draft.task_id);
    const next = await begin(contract, { id: draft.area_id, name: draft.area_name }, task);
    const former = (item) => draft.items.find((one) => one.item_id === item.item_id) ?? draft.items.find((one) => one.text === item.text);
    const photos = await photosOf(draft.uid);
    for (const item of next.items) {
      const old = former(item);
      if (!old || !draft.answers[old.item_id]) continue;
      next.answers[item.item_id] = draft.answers[old.item_id];
      for (const photo of photos.filter(({ item_id: id }) => id === old.item_id))
        await put("photos", { ...photo, uid: next.uid, item_id: item.item_id, sent: false });
    }
    await save(next);
    await forget(draft);
    shown = null;
    await show();
  }
  async function forget(draft) {
    for (const { key } of await photosOf(draft.uid)) await remove("photos", key);
    await remove("drafts", draft.uid);
    drafts.delete(draft.uid);
  }
  function showConflict(draft) {
    if (shown === `${draft.uid} conflict`) return;
    shown = `${draft.uid} conflict`;
    head(draft.area_name, words("conflict"), "#");
    $("foot").hidden = $("progress").hidden = true;
    const one = copy("t-conflict");
    one.querySelector(".ph-fault").textContent = draft.conflict;
    one.querySelector("[data-again]").addEventListener("click", () => beginAgain(draft));
    one.querySelector("[data-drop]").addEventListener("click", async () => {
      if (!confirm(words("dropSure"))) return;
      await forget(draft);
      location.hash = "";
    });
    main.replaceChildren(one);
  }

  async function show() {
    const draft = here();
    if (!draft) { shown = null; showHome(); }
    else if (draft.state === "working") await showItems(draft);
    else if (draft.state === "conflict") showConflict(draft);
    else showResult(draft);
    await showNet();
    document.body.dataset.shown = draft?.state ?? "home";
  }

  $("go").addEventListener("click", async () => {
    const draft = here(), lacks = lacking(draft);
    if (lacks) {
      $(`item-${lacks.item.item_id}`).scrollIntoView({ block: "start" });
      $(`item-${lacks.item.item_id}`).querySelector(lacks.what === "left" ? "input" : "textarea").focus({ preventScroll: true });
      return;
    }
    Object.assign(draft, { state: "waiting", finished_at: Date.now() });
    await save(draft);
    scrollTo(0, 0);
    await show();
    sync();
  });
  addEventListener("hashchange", () => { shown = null; scrollTo(0, 0); show(); });
  for (const event of ["online", "offline", "focus"]) addEventListener(event, () => sync());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  setInterval(() => { if (failure || ownDrafts().some(({ state }) => state === "waiting")) sync(); }, 10e3);

  // From the code that hangs in an area: what was begun there goes on, else its task or an inspection of its own begins.
  async function beginScanned() {
    const asked = new URLSearchParams(location.search), area = Number(asked.get("area_id"));
    const contract = area && contractOf(Number(asked.get("contract_id")));
    if (!contract) return;
    history.replaceState(null, "", location.pathname + location.hash);
    const begun = ownDrafts().find((draft) => draft.area_id === area && draft.state === "working");
    const task = kit.tasks.find(({ area_id: id, contract_id: of }) => id === area && of === contract.id);
    const there = contract.areas.find(({ id }) => id === area);
    if (begun) location.hash = begun.uid;
    else if (there) await begin(contract, there, task);
  }
  async function keepPage() {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/inspections/phone" });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage("keep");
  }
  (async () => {
    for (const draft of await all("drafts")) drafts.set(draft.uid, draft);
    const kits = await all("kits");
    kit = kits.sort((a, b) => b.saved_at - a.saved_at)[0] ?? null;
    navigator.storage?.persist?.(); // not to be cleared away when the disk is short
    await show();
    keepPage().catch(() => { /* it opens with a network alone, then */ });
    await sync();
    await beginScanned();
    document.body.dataset.ready = "";
  })();
})();
