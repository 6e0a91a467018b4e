// SPDX-License-Identifier: AGPL-3.0-or-later
// Draws a table whose rows are series over its head, as lines or as columns (data-trend, data-columns), or one whose
// rows are bars (data-bars). Every number stands in the table itself, so that the page says the same without this. The canvas renderer and plain-text tooltips: no style is written into the page.
"use strict";
(() => {
  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const charts = [];

  const seriesOf = (table, columns) => [...table.tBodies[0].rows].filter(({ dataset }) => !("undrawn" in dataset)).map((row) => ({
    name: row.cells[0].textContent,
    type: columns ? "bar" : "line",
    stack: columns ? "all" : undefined,
    barMaxWidth: 40,
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

  function drawSeries({ chart, table, columns }) {
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
      yAxis: { type: "value", scale: !columns, minInterval: columns ? 1 : 0, axisLabel: text, splitLine: line },
      series: seriesOf(table, columns),
    }, { notMerge: true });
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.echarts) return;
    const take = (place, id, draw) => {
      place.hidden = false;
      charts.push({ chart: window.echarts.init(place, null, { renderer: "canvas" }), table: document.getElementById(id), draw, columns: "columns" in place.dataset });
    };
    for (const place of document.querySelectorAll("[data-trend]")) {
      take(place, place.dataset.trend, drawSeries);
      charts.at(-1).table.closest("details").open = false; // the chart says it; the numbers are one click away
    }
    for (const place of document.querySelectorAll("[data-bars]")) take(place, place.dataset.bars, drawBars);
    const drawAll = () => charts.forEach((one) => one.draw(one));
    drawAll();
    addEventListener("resize", () => { for (const { chart } of charts) chart.resize(); });
    new MutationObserver(drawAll).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
    root.dataset.charts = "ready";
  });
})();
