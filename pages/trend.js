// SPDX-License-Identifier: AGPL-3.0-or-later
// Draws a table of rows by period as lines (data-trend), or the rows of a table as bars (data-bars). Every number stands
// in the table itself, so that the page says the same without this. The canvas renderer and plain-text tooltips: no style is written into the page.
"use strict";
(() => {
  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const charts = [];

  const seriesOf = (table) => [...table.tBodies[0].rows].map((row) => ({
    name: row.cells[0].textContent,
    type: "line",
    symbolSize: 6,
    connectNulls: false,
    data: [...row.cells].slice(1).map(({ dataset }) => (dataset.value === "" ? null : Number(dataset.value))),
  }));

  // What stands well is one colour, what does not the other.
  function drawBars({ chart, table }) {
    const rows = [...table.tBodies[0].rows].reverse();
    const text = { color: colour("--ly-ink-2"), fontSize: 12 };
    chart.setOption({
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 0, right: 28, top: 0, bottom: 0, containLabel: true },
      xAxis: { type: "value", show: false },
      yAxis: { type: "category", data: rows.map((row) => row.cells[0].textContent), axisLabel: text, axisLine: { show: false }, axisTick: { show: false } },
      series: [{
        type: "bar", barMaxWidth: 14, label: { show: true, position: "right", color: text.color, fontSize: 12 },
        data: rows.map(({ dataset }) => ({ value: Number(dataset.value), itemStyle: { color: colour("bad" in dataset ? "--ly-bad" : "--ly-accent") } })),
      }],
    }, { notMerge: true });
  }

  function drawLines({ chart, table }) {
    const text = { color: colour("--ly-ink-3"), fontSize: 12 };
    const line = { lineStyle: { color: colour("--ly-line") } };
    chart.setOption({
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, right: 8, itemWidth: 10, itemHeight: 10, textStyle: text },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("--ly-surface"), borderColor: colour("--ly-line-2"), textStyle: { color: colour("--ly-ink"), fontSize: 12 } },
      xAxis: { type: "category", data: [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent), axisLabel: text, axisLine: line, axisTick: { show: false } },
      yAxis: { type: "value", scale: true, axisLabel: text, splitLine: line },
      series: seriesOf(table),
    }, { notMerge: true });
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.echarts) return;
    for (const place of document.querySelectorAll("[data-trend]")) {
      place.hidden = false;
      const table = document.getElementById(place.dataset.trend);
      table.closest("details").open = false; // the chart says it; the numbers are one click away
      charts.push({ chart: window.echarts.init(place, null, { renderer: "canvas" }), table, draw: drawLines });
    }
    for (const place of document.querySelectorAll("[data-bars]")) {
      place.hidden = false;
      charts.push({ chart: window.echarts.init(place, null, { renderer: "canvas" }), table: document.getElementById(place.dataset.bars), draw: drawBars });
    }
    for (const one of charts) one.draw(one);
    addEventListener("resize", () => { for (const { chart } of charts) chart.resize(); });
    new MutationObserver(() => charts.forEach((one) => one.draw(one))).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
    root.dataset.charts = "ready";
  });
})();
