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
    const rows = button.closest(".field").querySelector("[data-rows]");
    const row = rows.lastElementChild.cloneNode(true);
    const number = rows.children.length;
    row.firstElementChild.textContent = String(number + 1);
    for (const input of row.querySelectorAll("[name]")) {
      input.name = input.name.replace(/\.\d+\./, `.${number}.`);
      if (input.type === "checkbox") input.checked = false;
      else input.value = "";
    }
    rows.append(row);
    row.querySelector("[name]").focus();
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
  function drawWave(canvas, peaks, part) {
    const style = getComputedStyle(root);
    const scale = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
    [canvas.width, canvas.height] = [width, height];
    const pen = canvas.getContext("2d");
    const step = width / peaks.length;
    peaks.forEach(({ left, right }, i) => { // one side above the middle, the other below it
      pen.fillStyle = style.getPropertyValue(i / peaks.length < part ? "--ly-accent" : "--ly-ink-4");
      const up = Math.max(1, left / 100 * height / 2), down = Math.max(1, right / 100 * height / 2);
      pen.fillRect(i * step, height / 2 - up, Math.max(1, step - scale), up + down);
    });
  }
  async function startPlayer(player) {
    const canvas = player.querySelector("canvas"), audio = player.querySelector("audio");
    const button = player.querySelector("[data-player-play]"), time = player.querySelector("[data-player-time]");
    const skip = player.querySelector("[data-player-skip]");
    const { items: peaks } = await (await fetch(`/api${player.dataset.player}/peaks`)).json();
    let wanted = 0; // a second that was asked for before the sound was there
    const length = () => (Number.isFinite(audio.duration) ? audio.duration : 0);
    const now = () => (length() ? audio.currentTime : wanted);
    const show = () => {
      drawWave(canvas, peaks, length() ? now() / length() : 0);
      time.textContent = `${clock(now())} / ${clock(length())}`;
      canvas.setAttribute("aria-valuemax", String(Math.floor(length())));
      canvas.setAttribute("aria-valuenow", String(Math.floor(now())));
      canvas.setAttribute("aria-valuetext", time.textContent);
      button.textContent = audio.paused ? player.dataset.play : player.dataset.pause;
      for (const input of document.querySelectorAll("[data-player-at]")) input.value = String(Math.round(now() * 1000));
    };
    const jump = (second) => {
      wanted = Math.max(0, second);
      if (length()) audio.currentTime = Math.min(wanted, length());
      else audio.load();
      show();
    };
    const jumpToHash = () => {
      const at = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
      if (at) jump(Number(at[1]));
    };
    const isSilent = (i) => peaks[i].left <= SILENCE && peaks[i].right <= SILENCE;
    audio.addEventListener("loadedmetadata", () => { if (wanted) audio.currentTime = Math.min(wanted, length()); show(); });
    audio.addEventListener("timeupdate", () => {
      let i = Math.floor(now() / length() * peaks.length);
      const from = i;
      while (skip.checked && !audio.paused && i < peaks.length && isSilent(i)) i += 1;
      if (i > from + 1 && i < peaks.length) audio.currentTime = i / peaks.length * length();
      show();
    });
    for (const event of ["play", "pause", "ended", "seeked"]) audio.addEventListener(event, show);
    button.addEventListener("click", () => (audio.paused ? audio.play() : audio.pause()));
    player.querySelector("[data-player-speed]").addEventListener("change", (e) => { audio.playbackRate = Number(e.target.value); });
    canvas.addEventListener("click", (e) => { if (length()) jump(e.offsetX / canvas.clientWidth * length()); });
    canvas.addEventListener("keydown", (e) => {
      const by = { ArrowLeft: -5, ArrowRight: 5 }[e.key];
      if (by) { e.preventDefault(); jump(now() + by); }
    });
    addEventListener("hashchange", jumpToHash);
    addEventListener("resize", show);
    on("click", "[data-player-take]", (take) => { // the moment that is played goes beside the item
      take.previousElementSibling.value = String(Math.round(now() * 1000));
      take.textContent = clock(now());
    });
    show();
    jumpToHash();
    player.dataset.ready = "";
  }
  document.addEventListener("DOMContentLoaded", () => {
    for (const player of document.querySelectorAll("[data-player]")) startPlayer(player);
  });
})();
