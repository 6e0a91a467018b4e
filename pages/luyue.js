// SPDX-License-Identifier: AGPL-3.0-or-later
// What the browser adds; every page works without it. Runs in <head>, so that the theme is set before
// anything is drawn; everything else listens on the document.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // ---- theme: the person's choice, else the system's ----
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try { return localStorage.getItem("theme"); } catch { return null; } // storage may be forbidden
  };
  const applyTheme = () => { root.dataset.bsTheme = stored() ?? (dark.matches ? "dark" : "light"); };
  const switchTheme = () => {
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = theme;
    try { localStorage.setItem("theme", theme); } catch { /* it lasts for this page then */ }
  };
  applyTheme();
  dark.addEventListener("change", applyTheme);

  const on = (event, selector, act) =>
    document.addEventListener(event, (e) => {
      const at = e.target instanceof Element ? e.target.closest(selector) : null;
      if (at) act(at, e);
    });

  // ---- small conveniences ----
  on("click", "[data-theme-switch]", switchTheme);
  document.addEventListener("click", (e) => { // a click elsewhere closes an open menu
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(e.target)) menu.open = false;
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape")
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    const typing = e.target.closest?.("input, textarea, select, [contenteditable]");
    const search = document.querySelector("input[type=search]");
    if (e.key === "/" && !typing && search) {
      e.preventDefault();
      search.focus();
    }
  });
  on("click", "[data-reveal]", (button) => {
    const input = document.getElementById(button.dataset.reveal);
    input.type = input.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(input.type === "text"));
    input.focus();
  });
  on("click", "[data-account]", (button) => {
    document.getElementById("account").value = button.dataset.account;
    document.getElementById("password").value = button.dataset.password;
    document.getElementById("password").focus();
  });

  // ---- navigation: groups stay as the person left them, and what is typed finds an entry ----
  const groups = () => [...document.querySelectorAll("[data-nav]")];
  const left = {
    get() { try { return JSON.parse(localStorage.getItem("nav")) ?? {}; } catch { return {}; } },
    set(value) { try { localStorage.setItem("nav", JSON.stringify(value)); } catch { /* they are as the page came, then */ } },
  };
  const arrange = () => {
    for (const group of groups()) // where one is, one sees
      if (!group.querySelector("[aria-current]")) group.open = left.get()[group.dataset.nav] ?? group.hasAttribute("data-open");
  };
  document.addEventListener("DOMContentLoaded", () => {
    arrange();
    document.querySelector(".nav-l [aria-current]")?.scrollIntoView({ block: "nearest" });
  });
  on("click", "[data-nav] > summary", (summary) => { // it opens or closes after this
    const { open, dataset } = summary.parentElement;
    left.set({ ...left.get(), [dataset.nav]: !open });
  });
  const find = (input) => {
    const words = input.value.trim().toLowerCase();
    if (!words) arrange();
    for (const group of groups()) {
      const items = [...group.querySelectorAll("li")];
      for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(words);
      group.hidden = items.every((item) => item.hidden);
      if (words && !group.hidden) group.open = true;
    }
    document.querySelector("[data-nav-none]").hidden = groups().some((group) => !group.hidden);
  };
  on("input", "[data-nav-find]", find);
  on("keydown", "[data-nav-find]", (input, e) => {
    if (e.isComposing) return; // the key is the input method's
    if (e.key === "Enter" && input.value.trim()) document.querySelector("[data-nav] li:not([hidden]) a")?.click();
    if (e.key === "Escape") { input.value = ""; find(input); input.blur(); }
  });
  document.addEventListener("keydown", (e) => {
    const input = document.querySelector("[data-nav-find]");
    if (e.key.toLowerCase() !== "k" || !(e.ctrlKey || e.metaKey) || !input) return;
    e.preventDefault();
    if (!input.offsetParent) location.hash = "menu"; // on a phone it lies behind the button
    input.focus();
  });

  // ---- forms ----
  document.addEventListener("submit", (e) => {
    const words = e.submitter?.dataset.confirm || e.target.dataset.confirm;
    if (words && !confirm(words)) e.preventDefault();
  });
  document.addEventListener("htmx:configRequest", (e) => {
    e.detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf"]').content;
  });
  on("change", "form.filters select", (select) => select.form.requestSubmit());
  on("formdata", "form.filters", (form, e) => { // what is empty stays out of the address
    for (const [name, value] of [...e.formData]) if (!value) e.formData.delete(name);
  });

  // ---- what was typed, until it has arrived: an ended session must not lose it ----
  // Kept in this tab alone and for the same account, given back on the form's own page, never sent by itself.
  // Passwords, files and what is sealed (its inputs take no suggestions) are not kept.
  const draft = {
    get() { try { return JSON.parse(sessionStorage.getItem("draft")); } catch { return null; } },
    set(value) { try { sessionStorage.setItem("draft", JSON.stringify(value)); } catch { /* not kept then */ } },
    clear() { try { sessionStorage.removeItem("draft"); } catch { /* there is none */ } },
  };
  const here = () => location.pathname + location.search;
  const kept = (form) => [...form.elements].filter((input) => input.name && !["hidden", "password", "file", "submit"].includes(input.type) &&
    input.autocomplete !== "off" && input.autocomplete !== "one-time-code");
  document.addEventListener("submit", (e) => {
    const main = e.target.closest("main[data-signed-in]");
    if (!main || e.defaultPrevented || e.target.method !== "post") return;
    const fields = kept(e.target).map((input) => [input.name, input.value, Boolean(input.checked)]);
    if (fields.length) draft.set({ account: main.dataset.signedIn, page: here(), action: e.target.getAttribute("action"), fields });
  });
  const restore = (main, saved) => {
    const form = [...main.querySelectorAll("form")].find((one) => one.getAttribute("action") === saved.action);
    if (!form) return;
    const inputs = kept(form);
    let changed = false;
    for (const [name, value, checked] of saved.fields) {
      const box = (input) => input.type === "checkbox" || input.type === "radio";
      const input = inputs.find((one) => one.name === name && (!box(one) || one.value === value));
      if (!input) continue;
      changed ||= box(input) ? input.checked !== checked : input.value !== value;
      if (box(input)) input.checked = checked;
      else input.value = value;
    }
    if (!changed) return;
    const note = document.createElement("div");
    note.className = "bar-note warn";
    note.setAttribute("role", "status");
    note.textContent = main.dataset.draft;
    main.prepend(note);
  };
  document.addEventListener("DOMContentLoaded", () => {
    const main = document.querySelector("main[data-signed-in]"), saved = draft.get();
    document.querySelector("[data-kept]")?.toggleAttribute("hidden", !saved);
    if (!main || !saved || main.querySelector(".fault, .lost")) return; // not signed in, or not arrived yet
    if (main.querySelector(".bar-note.ok")) { draft.clear(); return; } // it went through
    if (saved.account === main.dataset.signedIn && saved.page === here()) restore(main, saved);
    draft.clear();
  });

  // One more row of a table that is typed in: the last one again, empty, under the next number.
  on("click", "[data-add-row]", (button) => {
    const rows = (button.closest(".field") ?? button.form).querySelector("[data-rows]");
    const row = rows.lastElementChild.cloneNode(true);
    const number = rows.children.length;
    const place = row.firstElementChild;
    if (/\d/.test(place.textContent)) place.textContent = place.textContent.replace(/\d+/, number + 1);
    row.hidden = false;
    for (const input of row.querySelectorAll("[name]")) {
      input.name = input.name.replace(/\.\d+\./, `.${number}.`);
      if (input.ariaLabel) input.ariaLabel = input.ariaLabel.replace(/\d+$/, number + 1);
      if (input.type === "checkbox") input.checked = false;
      else if (input.tagName === "SELECT") input.selectedIndex = 0;
      else input.value = "";
    }
    rows.append(row);
    row.querySelector("[name]").focus();
  });

  // Left out: its fields are sent empty, which no row is made of.
  on("click", "[data-drop-row]", (button) => {
    const row = button.closest("fieldset");
    for (const input of row.querySelectorAll("[name]")) {
      if (input.type === "checkbox") input.checked = false;
      else if (input.tagName === "SELECT") input.selectedIndex = 0;
      else input.value = "";
    }
    row.hidden = true;
  });

  // A long list to be ticked: what is typed shows who it names, and whoever is ticked stays.
  on("input", "[data-sift]", (input) => {
    for (const row of document.getElementById(input.dataset.sift).querySelectorAll("label"))
      row.hidden = !row.textContent.includes(input.value.trim()) && !row.querySelector(":checked");
  });

  on("click", "[data-print]", () => print());

  // ---- photos: no larger than is needed to see what is meant, and without where they were taken ----
  const shrink = async (file, most) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, most / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale].map(Math.round);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.82); });
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };
  window.shrinkPhoto = shrink;
  on("change", "input[data-shrink]", async (input) => {
    const button = input.form.querySelector("[type=submit]");
    button.disabled = true;
    const files = new DataTransfer();
    for (const file of input.files) // one that the browser cannot draw goes as it is
      files.items.add(await shrink(file, Number(input.dataset.shrink)).catch(() => file));
    input.files = files.files;
    button.disabled = false;
  });

  // ---- rows chosen for a common action ----
  on("change", "[data-row], [data-all-rows]", (box) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (box.matches("[data-all-rows]")) for (const row of rows) row.checked = box.checked;
    const chosen = rows.filter((row) => row.checked).length;
    const all = document.querySelector("[data-all-rows]");
    all.checked = chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
    document.getElementById("bulk").hidden = chosen === 0;
    document.getElementById("bulk-count").textContent = String(chosen);
  });

  // ---- recordings: a waveform to listen by ----
  const SILENCE = 2; // of 100: what nobody says
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  // Who listens stands across the sound, so that a picture of the page tells it.
  function drawMark(pen, words, width, height, scale, ink) {
    pen.save();
    pen.globalAlpha = 0.16;
    pen.fillStyle = ink;
    pen.font = `${13 * scale}px sans-serif`;
    pen.rotate(-0.12);
    const across = pen.measureText(words).width + 60 * scale;
    for (let y = 0, row = 0; y < height * 1.6; y += 34 * scale, row += 1)
      for (let x = -across + (row % 2) * across / 2; x < width * 1.1; x += across) pen.fillText(words, x, y);
    pen.restore();
  }
  function drawWave(canvas, peaks, part, words) {
    const style = getComputedStyle(root), scale = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
    [canvas.width, canvas.height] = [width, height];
    const pen = canvas.getContext("2d"), step = width / peaks.length;
    const loudest = Math.max(10, ...peaks.map(({ left, right }) => Math.max(left, right)));
    peaks.forEach(({ left, right }, i) => { // one side above the middle, the other below it
      pen.fillStyle = style.getPropertyValue(i / peaks.length < part ? "--ly-accent" : "--ly-ink-4");
      const up = Math.max(scale / 2, left / loudest * height * 0.46), down = Math.max(scale / 2, right / loudest * height * 0.46);
      pen.fillRect(i * step, height / 2 - up, Math.max(1, step - scale), up + down);
    });
    drawMark(pen, words, width, height, scale, style.getPropertyValue("--ly-ink"));
    pen.fillStyle = style.getPropertyValue("--ly-accent");
    if (part > 0) pen.fillRect(part * width - scale, 0, 2 * scale, height);
  }
  // Moments that somebody noted: of a form its hidden inputs, of a page its links.
  const moments = () => [...document.querySelectorAll("[data-moment]")]
    .map((at) => ({ at, ms: Number(at.dataset.at ?? at.value), words: at.dataset.moment,
      bad: at.matches("[data-bad]") || Boolean(at.closest("[data-item]")?.querySelector("input[value=hit]:checked")) }))
    .filter(({ ms }) => ms > 0).sort((a, b) => a.ms - b.ms);
  async function startPlayer(player) {
    const canvas = player.querySelector("canvas"), audio = player.querySelector("audio");
    const button = player.querySelector("[data-player-play]"), time = player.querySelector("[data-player-time]");
    const skip = player.querySelector("[data-player-skip]"), speed = player.querySelector("[data-player-speed]");
    const pins = player.querySelector("[data-player-pins]");
    const { items: peaks } = await (await fetch(`/api${player.dataset.player}/peaks`)).json();
    let wanted = 0; // a second that was asked for before the sound was there
    const here = () => Number.isFinite(audio.duration) && audio.duration > 0;
    const length = () => (here() ? audio.duration : Number(player.dataset.length) / 1000);
    const now = () => (here() ? audio.currentTime : wanted);
    const show = () => {
      drawWave(canvas, peaks, length() ? now() / length() : 0, player.dataset.mark);
      time.textContent = `${clock(now())} / ${clock(length())}`;
      canvas.setAttribute("aria-valuemax", String(Math.floor(length())));
      canvas.setAttribute("aria-valuenow", String(Math.floor(now())));
      canvas.setAttribute("aria-valuetext", time.textContent);
      player.toggleAttribute("data-playing", !audio.paused);
      button.setAttribute("aria-label", audio.paused ? player.dataset.play : player.dataset.pause);
      for (const input of document.querySelectorAll("[data-player-at]")) input.value = String(Math.round(now() * 1000));
    };
    const jump = (second) => {
      wanted = Math.min(Math.max(0, second), length() || Infinity);
      if (here()) audio.currentTime = wanted;
      show();
    };
    const pin = () => pins.replaceChildren(...moments().map(({ at, ms, words, bad }) => {
      const one = document.createElement("button");
      one.type = "button";
      one.className = bad ? "pin bad" : "pin";
      one.title = `${clock(ms / 1000)} ${words}`;
      one.setAttribute("aria-label", one.title);
      one.style.left = `${Math.min(100, ms / 10 / (length() || 1))}%`;
      one.addEventListener("click", () => {
        jump(ms / 1000);
        for (const item of document.querySelectorAll(".item.now")) item.classList.remove("now");
        at.closest(".item")?.classList.add("now");
      });
      return one;
    }));
    const jumpToHash = () => {
      const at = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
      if (at) jump(Number(at[1]));
    };
    const play = () => { if (audio.paused) audio.play().catch(() => show()); else audio.pause(); }; // stopped again before it began
    const isSilent = (i) => peaks[i].left <= SILENCE && peaks[i].right <= SILENCE;
    audio.addEventListener("loadedmetadata", () => { if (wanted) audio.currentTime = wanted; show(); pin(); });
    audio.addEventListener("timeupdate", () => {
      let i = Math.floor(now() / length() * peaks.length);
      const from = i;
      while (skip.checked && !audio.paused && i < peaks.length && isSilent(i)) i += 1;
      if (i > from + 1 && i < peaks.length) audio.currentTime = i / peaks.length * length();
      show();
    });
    for (const event of ["play", "pause", "ended", "seeked"]) audio.addEventListener(event, show);
    button.addEventListener("click", play);
    speed.addEventListener("change", () => { audio.playbackRate = Number(speed.value); });
    for (const by of player.querySelectorAll("[data-player-by]"))
      by.addEventListener("click", () => jump(now() + Number(by.dataset.playerBy)));
    canvas.addEventListener("click", (e) => jump(e.offsetX / canvas.clientWidth * length()));
    canvas.addEventListener("keydown", (e) => {
      const by = { ArrowLeft: -5, ArrowRight: 5 }[e.key];
      if (by) { e.preventDefault(); jump(now() + by); }
    });

    // The moment that is played goes beside the item, and can be taken away again.
    const note = (input, ms) => {
      const [take, drop] = [input.nextElementSibling, input.nextElementSibling.nextElementSibling];
      input.value = String(ms);
      const words = take.querySelector("[data-none]");
      words.textContent = ms ? clock(ms / 1000) : words.dataset.none;
      drop.hidden = !ms;
      pin();
    };
    const take = (button) => note(button.previousElementSibling, Math.max(1, Math.round(now() * 1000)));
    on("click", "[data-player-take]", take);
    on("click", "[data-player-drop]", (button) => note(button.previousElementSibling.previousElementSibling, 0));
    document.addEventListener("change", pin);

    // Keys as transcribers have them; with Alt they work while something is typed, too.
    let item = null;
    document.addEventListener("focusin", (e) => { item = e.target.closest("[data-item]") ?? item; });
    const keys = {
      KeyK: play, KeyJ: () => jump(now() - 5), KeyL: () => jump(now() + 5),
      KeyS: () => { skip.checked = !skip.checked; }, KeyM: () => item && take(item.querySelector("[data-player-take]")),
      Comma: () => { speed.selectedIndex = Math.max(0, speed.selectedIndex - 1); audio.playbackRate = Number(speed.value); },
      Period: () => { speed.selectedIndex = Math.min(speed.length - 1, speed.selectedIndex + 1); audio.playbackRate = Number(speed.value); },
    };
    document.addEventListener("keydown", (e) => {
      const typing = e.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
      if (!keys[e.code] || e.ctrlKey || e.metaKey || (typing && !e.altKey)) return;
      e.preventDefault();
      keys[e.code]();
    });
    addEventListener("hashchange", jumpToHash);
    addEventListener("resize", show);
    show();
    pin();
    jumpToHash();
    player.dataset.ready = "";
  }

  // ---- reviews: what the marks come to so far, worked out as review_score does ----
  const hundredths = (text) => Math.round(Number(text) * 100);
  function startScoring(form) {
    const items = [...form.querySelectorAll("[data-item]")];
    const mark = (item) => item.querySelector("input[type=radio]:checked")?.value;
    const points = (item) => item.querySelector("input[name$='.points']");
    const choose = (item, value) => { item.querySelector(`input[value=${value}]`).checked = true; };
    const score = () => {
      let given = 0, most = 0;
      for (const item of items) {
        if (mark(item) !== "points") continue;
        given += hundredths(points(item).value);
        most += 100 * Number(item.dataset.weight);
      }
      return most ? Math.floor((given * 20000 + most) / (2 * most)) : 0; // half up
    };
    const show = () => {
      const left = items.filter((item) => !mark(item)).length;
      const hit = items.find((item) => mark(item) === "hit");
      const publish = form.querySelector("[data-publish]"), done = form.querySelector("[data-done]"), why = form.querySelector("[data-hit]");
      const now = form.querySelector("[data-score]");
      now.textContent = left === items.length ? "—" : ((hit ? 0 : score()) / 100).toFixed(2);
      now.classList.toggle("bad", Boolean(hit));
      why.hidden = !hit;
      if (done) done.textContent = `${items.length - left} / ${items.length}`;
      for (const item of items) {
        item.classList.toggle("done", Boolean(mark(item)));
        item.classList.toggle("hit", mark(item) === "hit");
      }
      if (publish) {
        publish.disabled = left > 0;
        publish.textContent = left ? form.dataset.left.replace("{0}", left) : publish.dataset.publish;
      }
    };
    form.addEventListener("input", (e) => {
      const item = e.target.closest("[data-item]"), input = item && points(item);
      if (input && e.target === input && input.value) choose(item, "points");
      if (input && e.target.type === "radio") input.value = e.target.value === "na" ? "" : input.value || item.dataset.weight;
      show();
    });
    form.addEventListener("click", (e) => {
      const button = e.target.closest("[data-points]");
      if (!button) return;
      const item = button.closest("[data-item]"), input = points(item), weight = Number(item.dataset.weight);
      const next = input.value === "" ? weight : Number(input.value) + Number(button.dataset.points);
      input.value = String(Math.min(weight, Math.max(0, next)));
      choose(item, "points");
      show();
    });
    show();
  }
  // The panel of a list's ranges opens to the side on which there is room.
  document.addEventListener("toggle", (e) => {
    if (!e.target.matches?.("details.ranges[open]")) return;
    const panel = e.target.lastElementChild;
    e.target.classList.remove("to-left");
    e.target.classList.toggle("to-left", panel.getBoundingClientRect().right > document.documentElement.clientWidth - 8 &&
      e.target.getBoundingClientRect().right > panel.offsetWidth);
  }, true);
  // The points of a form's items together, while they are typed.
  document.addEventListener("input", (e) => {
    const sum = e.target.form?.querySelector("[data-sum]");
    if (!sum) return;
    const inputs = e.target.form.querySelectorAll(`input[name$='.${sum.dataset.sum}']`);
    sum.textContent = String([...inputs].reduce((all, { value }) => all + (Number(value) || 0), 0));
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const player of document.querySelectorAll("[data-player]")) startPlayer(player);
    for (const form of document.querySelectorAll("[data-scoring]")) startScoring(form);
  });
})();
