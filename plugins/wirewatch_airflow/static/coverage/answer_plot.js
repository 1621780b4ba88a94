// An answer as a plot: days or names along, numbers up; what goes where can be chosen and stands in the URL.
import { Fragment, h, useMemo } from "./react.js";
import { number, short } from "./format.js";
import { usePage } from "./links.js";
import { Empty } from "./parts.js";
import { Plot, daysAxis, inert, useColours } from "./plots.js";

const MOST_SERIES = 8;
const MOST_BARS = 30;
const isTime = (type) => /^(DATE|TIMESTAMP)/.test(type ?? "");
const isNumber = (type) => /INT|DOUBLE|FLOAT|DECIMAL/.test(type ?? "") && !type.includes("[");

export const AnswerPlot = ({ data }) => {
  const page = usePage();
  const places = data.columns.map((name, place) => ({ name, place, type: data.types?.[place] }));
  const numbers = places.filter(({ name, type }) => isNumber(type) && !name.endsWith("_id"));
  const along = places.filter(({ type, name }) => !type?.includes("[") && !numbers.some((one) => one.name === name));
  const named = (list, name) => list.find((one) => one.name === name);
  const x = named(along.concat(numbers), page.value("x")) ?? along.find(({ type }) => isTime(type)) ?? along[0] ?? numbers[0];
  const y = named(numbers, page.value("y")) ?? numbers.find((one) => one !== x);
  const split = isTime(x?.type) ? along.find((one) => one !== x) : null;
  if (data.rows.length === 0) return h(Empty, null, "No rows: there is nothing to draw.");
  if (!x || !y) return h(Empty, null, "A plot needs a column of numbers, and one of days or names to set them along.");
  const choose = (label, name, list, chosen) =>
    h("label", { className: "ww-inline" }, label, " ", h("select", { value: chosen.name, onChange: (event) => page.set({ [name]: event.target.value }, { replace: true }) }, list.map((one) => h("option", { key: one.place }, one.name))));
  return h(Fragment, null,
    h("div", { className: "ww-buttons" }, choose("Along", "x", along.concat(numbers), x), choose("Up", "y", numbers, y)),
    h(Drawn, { data, x, y, split }));
};

const Drawn = ({ data, x, y, split }) => {
  const colours = useColours();
  const { traces, layout, legend, height, left } = useMemo(() => {
    const value = (row) => (row[y.place] === null ? null : Number(row[y.place]));
    if (isTime(x.type)) return overTime(data.rows, x, y, split, value, colours);
    if (isNumber(x.type))
      return { height: 320, traces: [{ type: "scatter", mode: "markers", x: data.rows.map((row) => row[x.place]), y: data.rows.map(value), marker: { color: colours[0], size: 7 } }], layout: { xaxis: { title: { text: inert(x.name) } }, yaxis: { title: { text: inert(y.name) } } } };
    const shown = data.rows.slice(0, MOST_BARS).reverse();
    const names = shown.map((row) => String(row[x.place] ?? "null"));
    return {
      height: 50 + 24 * shown.length, left: data.rows.length - shown.length,
      traces: [{ type: "bar", orientation: "h", x: shown.map(value), y: shown.map((_, place) => place), text: names.map(inert), textposition: "none", marker: { color: colours[0] }, hovertemplate: "%{text}: <b>%{x:,}</b><extra></extra>" }],
      layout: { xaxis: { rangemode: "tozero" }, yaxis: { tickvals: names.map((_, place) => place), ticktext: names.map((name) => inert(short(name, 28))), range: [-0.6, names.length - 0.4] } },
    };
  }, [data, x.name, y.name, split?.name, colours]);
  return h(Fragment, null,
    h(Plot, { traces, layout, height, legend, label: `${y.name} along ${x.name}` }),
    left > 0 && h("p", { className: "ww-hint" }, `${number(left)} more rows are in the table.`));
};

const overTime = (rows, x, y, split, value, colours) => {
  const series = new Map();
  for (const row of rows) {
    const name = split ? String(row[split.place] ?? "null") : y.name;
    series.set(name, [...(series.get(name) ?? []), row]);
  }
  const sum = ([, own]) => own.reduce((total, row) => total + (value(row) ?? 0), 0);
  const largest = [...series].sort((one, other) => sum(other) - sum(one) || one[0].localeCompare(other[0], "en"));
  const shown = largest.slice(0, MOST_SERIES);
  const bars = shown.length === 1;
  return {
    height: 320,
    traces: shown.map(([name, own], place) => ({
      ...(bars ? { type: "bar" } : { type: "scatter", mode: "lines+markers", cliponaxis: false, line: { width: 2, color: colours[place % colours.length] } }), marker: { color: colours[place % colours.length] },
      x: own.map((row) => row[x.place]), y: own.map(value), text: own.map(() => inert(short(name, 40))), textposition: "none", hovertemplate: "%{text}<br>%{x}: <b>%{y:,}</b><extra></extra>",
    })),
    layout: { xaxis: x.type === "DATE" ? daysAxis(rows.map((row) => row[x.place])) : { type: "date" }, yaxis: { rangemode: "tozero", title: { text: inert(y.name) } } },
    legend: bars ? null : shown.map(([name], place) => ({ key: name, colour: colours[place % colours.length], name: short(name, 40) })),
    left: largest.slice(MOST_SERIES).reduce((sum, [, own]) => sum + own.length, 0),
  };
};
