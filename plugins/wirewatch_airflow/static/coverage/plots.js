// Plots: Plotly from our own server, in the page's colours, each with its label and its numbers beneath.
import { h, useEffect, useMemo, useRef, useState } from "./react.js";
import { Loading, Notice } from "./parts.js";
import { useDaysShown } from "./filters.js";
import { DataTable } from "./tables.js";

const LIBRARY = new URL("../plotly.min.js", import.meta.url).href;
const SERIES = {
  light: ["#2b6cb0", "#c05621", "#2f855a", "#b83280", "#6b46c1", "#8a6d0b", "#0b7285", "#c53030"],
  dark: ["#63a4e8", "#f0934e", "#5cc48a", "#f08cc0", "#b297f2", "#d9bd4a", "#4fc3d9", "#f58a8a"],
};

// Plotly reads a little HTML in its labels (<a href>, <b>, <br>): entities show it as text instead.
export const inert = (text) =>
  String(text ?? "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

let library = null; // one load for all plots
const loaded = () => {
  library ??= new Promise((resolve, reject) => {
    if (globalThis.Plotly) return resolve(globalThis.Plotly);
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      library = null;
      reject(new Error("The plotting library did not load: reload the page."));
    };
    document.head.append(script);
  });
  return library;
};

const isDark = () => document.documentElement.classList.contains("dark");
export const useDark = () => {
  const [dark, setDark] = useState(isDark());
  useEffect(() => {
    const watch = new MutationObserver(() => setDark(isDark()));
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    return () => watch.disconnect();
  }, []);
  return dark;
};
export const useColours = () => SERIES[useDark() ? "dark" : "light"];

const whole = (layout, height, dark) => {
  const ink = dark ? "#cbd5e0" : "#3d4757";
  const axis = {
    gridcolor: dark ? "#2f3947" : "#e6eaf0", linecolor: dark ? "#4a5568" : "#b8c1cd", zeroline: false, automargin: true,
    fixedrange: true, tickangle: 0, tickfont: { size: 11 }, title: { font: { size: 11 }, standoff: 6 },
  };
  const merged = (own) => ({ ...axis, ...own, title: { ...axis.title, ...own?.title } });
  return {
    height, margin: { l: 8, r: 12, t: 8, b: 8 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: ink, family: "inherit", size: 12 }, colorway: SERIES[dark ? "dark" : "light"], bargap: 0.25,
    hoverlabel: { bgcolor: dark ? "#1a202c" : "#ffffff", bordercolor: dark ? "#4a5568" : "#b8c1cd", font: { color: ink, size: 12 }, align: "left" },
    showlegend: false, ...layout, xaxis: merged(layout?.xaxis), yaxis: merged(layout?.yaxis),
    ...(layout?.yaxis2 && { yaxis2: merged(layout.yaxis2) }),
  };
};

// data: {caption, columns, rows}: the same as a table, for whoever reads rather than looks.
export const Plot = ({ traces, layout, height = 260, label, onPick, legend, data }) => {
  const box = useRef(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const dark = useDark();
  const [error, setError] = useState(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    let gone = false;
    loaded().then(
      async (plotly) => {
        if (gone) return;
        const element = box.current;
        await plotly.react(element, traces, whole(layout, height, dark), { displayModeBar: false, responsive: true });
        if (gone) return;
        element.removeAllListeners?.("plotly_click");
        element.on?.("plotly_click", (event) => pick.current?.(event.points[0]));
        setDrawn(true);
      },
      (problem) => gone || setError(problem.message),
    );
    return () => {
      gone = true;
    };
  }, [traces, layout, height, dark]);
  useEffect(() => {
    const element = box.current;
    const watch = new ResizeObserver(() => element.clientWidth && element.data && globalThis.Plotly?.Plots.resize(element).catch(() => {})); // gone meanwhile
    watch.observe(element);
    return () => {
      watch.disconnect();
      globalThis.Plotly?.purge(element);
    };
  }, []);
  return h("figure", { className: "ww-plot" },
    legend && h(Legend, { entries: legend }),
    error ? h(Notice, { kind: "error" }, error) : !drawn && h(Loading, { what: "Drawing" }),
    h("div", { role: "img", "aria-label": label, className: onPick ? "ww-pickable" : undefined, "data-drawn": drawn || undefined },
      h("div", { ref: box, style: { minHeight: drawn ? height : 0 } })),
    data && h("details", { className: "ww-numbers" }, h("summary", null, "The numbers"), h(DataTable, data)));
};

// Swatches outside of the plot, so that names may be links and never overlap.
export const Legend = ({ entries }) =>
  h("ul", { className: "ww-legend" },
    entries.map(({ key, colour, name }) =>
      h("li", { key }, h("span", { className: "ww-swatch", "aria-hidden": true, style: { background: colour } }), name)));

const HALF_DAY = 12 * 3600 * 1000;
const FEW = 8;
const isNarrow = () => globalThis.innerWidth < 640;
// An axis over the days that are asked about, whether or not each has something; few days are all named.
export const daysAxis = (days) => {
  const times = days.map((day) => Date.parse(day)).filter((time) => !Number.isNaN(time));
  if (times.length === 0) return { type: "date" };
  const range = [Math.min(...times) - HALF_DAY, Math.max(...times) + HALF_DAY].map((time) => new Date(time).toISOString());
  return { type: "date", tickformat: "%-d %b", hoverformat: "%-d %b %Y", range, ...(new Set(days).size <= (isNarrow() ? 4 : FEW) ? { tickvals: [...new Set(days)] } : { nticks: isNarrow() ? 5 : FEW }) };
};
// An axis of counts: from nothing up, by whole numbers.
export const countAxis = (most, more) => ({ range: [0, Math.max(1, most * 1.06)], tickformat: ",d", ...(most <= 5 ? { dtick: 1 } : { nticks: 5 }), ...more });

// Bars over days, stacked where there are several series: [{name, key}].
export const useDays = (rows, series, colours, more) => {
  const shown = useDaysShown();
  return useMemo(() => {
    const days = rows.map((row) => row.day);
    const most = Math.max(0, ...rows.map((row) => series.reduce((sum, { key }) => sum + Number(row[key] ?? 0), 0)));
    return [
      series.map(({ key, name }, place) => ({
        type: "bar", x: days, y: rows.map((row) => row[key]), name, marker: { color: colours[place] },
        hovertemplate: `%{x|%-d %b %Y}: <b>%{y:,}</b> ${name}<extra></extra>`,
      })),
      { barmode: "stack", xaxis: daysAxis(shown.start ? [shown.start, ...days, shown.end] : days), yaxis: countAxis(most), ...more },
    ];
  }, [rows, series, colours, more, shown.start, shown.end]);
};
