// SPDX-License-Identifier: AGPL-3.0-or-later
// Draws a table whose rows are series over its head, as lines or as columns. Every number stands in the table
// itself, so that the page says the same without this. The canvas renderer and plain-text tooltips: no style is written into the page.
"use strict";
(() => {
  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const charts = [];

  const seriesOf = (table, bars) => [...table.tBodies[0].rows].filter(({ dataset }) => !("undrawn" in dataset)).map((row) => ({
    name: row.cells[0].textContent,
    type: bars ? "bar" : "line",
    stack: bars ? "all" : undefined,
    barMaxWidth: 40,
    symbolSize: 6,
    connectNulls: false,
    data: [...row.cells].slice(1).map(({ dataset }) => (dataset.value === "" ? null : Number(dataset.value))),
  }));

  function draw({ chart, table, bars }) {
    const text = { color: colour("--ly-ink-3"), fontSize: 12 };
    const line = { lineStyle: { color: colour("--ly-line") } };
    chart.setOption({
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { type: "scroll", top: 0, right: 8, left: 8, itemWidth: 10, itemHeight: 10, textStyle: text },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("--ly-surface"), borderColor: colour("--ly-line-2"), textStyle: { color: colour("--ly-ink"), fontSize: 12 } },
      xAxis: { type: "category", data: [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent), axisLabel: text, axisLine: line, axisTick: { show: false } },
      yAxis: { type: "value", scale: !bars, minInterval: bars ? 1 : 0, axisLabel: text, splitLine: line },
      series: seriesOf(table, bars),
    }, { notMerge: true });
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.echarts) return;
    for (const place of document.querySelectorAll("[data-trend]")) {
      place.hidden = false;
      const table = document.getElementById(place.dataset.trend);
      table.closest("details").open = false; // the chart says it; the numbers are one click away
      charts.push({ chart: window.echarts.init(place, null, { renderer: "canvas" }), table, bars: "bars" in place.dataset });
    }
    for (const one of charts) draw(one);
    addEventListener("resize", () => { for (const { chart } of charts) chart.resize(); });
    new MutationObserver(() => charts.forEach(draw)).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
    root.dataset.charts = "ready";
  });
})();
