// SPDX-License-Identifier: AGPL-3.0-or-later
// Draws the board's tables as charts. Every number stands in the tables themselves, so that the page says
// the same without this. The canvas renderer and plain-text tooltips: no style is written into the page.
"use strict";
(() => {
  const root = document.documentElement;
  const SHADES = 9;
  const VOLUME = ["dials", "connected", "success"];
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const charts = [];
  let measure = "volume";

  const rowsOf = (table) => [...table.tBodies[0].rows].map((row) => row.dataset);
  const wordsOf = (table, name) => table.tHead.querySelector(`[data-measure="${name}"]`).textContent;
  const value = (text) => (text === "" ? null : Number(text));
  const minutes = (seconds) => Math.round(seconds / 60);

  function seriesOf(table, rows) {
    const names = measure === "volume" ? VOLUME : [measure];
    const colours = [colour("--ly-accent-line"), colour("--ly-accent"), colour("--ly-ok")];
    const isRate = measure.endsWith("_rate");
    return names.map((name, i) => ({
      name: wordsOf(table, name) + (name === "talk_s" ? table.dataset.minutes : isRate ? "（%）" : ""),
      type: isRate ? "line" : "bar",
      barGap: "-100%", // the answered ones are part of the calls
      barMaxWidth: 22,
      symbolSize: 5,
      connectNulls: false,
      color: names.length === 1 ? colours[1] : colours[i],
      data: rows.map((row) => (name === "talk_s" ? minutes(Number(row[name])) : value(row[name]))),
    }));
  }

  function draw({ chart, table }) {
    const rows = rowsOf(table);
    const text = { color: colour("--ly-ink-3"), fontSize: 12 };
    const line = { lineStyle: { color: colour("--ly-line") } };
    chart.setOption({
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, right: 8, itemWidth: 10, itemHeight: 10, textStyle: text },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("--ly-surface"), borderColor: colour("--ly-line-2"), textStyle: { color: colour("--ly-ink"), fontSize: 12 } },
      xAxis: { type: "category", data: rows.map(({ key }) => key.replace(/^\d{4}-/, "")), axisLabel: text, axisLine: line, axisTick: { show: false } },
      yAxis: { type: "value", axisLabel: text, splitLine: line },
      series: seriesOf(table, rows),
    }, { notMerge: true });
  }

  function shade(table) {
    const cells = [...table.querySelectorAll("td[data-volume]")];
    const numbers = cells.map((cell) => Number(cell.dataset[measure] || 0));
    const most = Math.max(1, ...numbers);
    cells.forEach((cell, i) => {
      cell.className = `heat-${Math.ceil(numbers[i] * SHADES / most)}`;
      cell.textContent = cell.getAttribute(`data-${measure}-words`).replace(/\.\d+%$|:\d\d$/, measure === "talk_s" ? "" : "%");
    });
  }

  function drawAll() {
    for (const one of charts) draw(one);
    shade(document.getElementById("by-week"));
  }

  function start() {
    const measures = document.querySelector(".measures");
    if (!measures || !window.echarts) return;
    for (const place of document.querySelectorAll("[data-chart]")) {
      place.hidden = false;
      const table = document.getElementById(place.dataset.chart);
      table.closest("details").open = false; // the chart says it; the numbers are one click away
      charts.push({ chart: window.echarts.init(place, null, { renderer: "canvas" }), table });
    }
    measures.hidden = false;
    measures.addEventListener("click", (e) => {
      const button = e.target.closest("[data-measure]");
      if (!button) return;
      measure = button.dataset.measure;
      for (const one of measures.children) one.setAttribute("aria-pressed", String(one === button));
      drawAll();
    });
    addEventListener("resize", () => { for (const { chart } of charts) chart.resize(); });
    new MutationObserver(drawAll).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
    drawAll();
    root.dataset.charts = "ready";
  }
  document.addEventListener("DOMContentLoaded", () => {
    // A span of days takes the place of the month.
    document.querySelector("[data-clears]")?.addEventListener("click", (e) => { e.target.form.elements.month.value = ""; });
    start();
  });
})();
