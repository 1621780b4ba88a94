// Overview: what was collected, who is cited and rising, which outlets are well, what is missing.
import { Fragment, h, useMemo } from "./react.js";
import { rowsOf, useAnswer } from "./api.js";
import { count, day, fixed, number, short } from "./format.js";
import { To, ToOutlet, ToSource, usePage } from "./links.js";
import { Answered, Counts, Empty, NO_DAYS, Notice, Panel, Title, Verdict } from "./parts.js";
import { Plot, countAxis, daysAxis, inert, useColours } from "./plots.js";
import { DataTable, Ranking } from "./tables.js";
import { useDaysShown } from "./filters.js";

const TOP = 8;
const ROWS = 15; // of a table, until all are asked for
const MANY = 45; // days whose points would hide each other: a week's average is drawn in their place

export const Overview = () => {
  const page = usePage();
  const shown = useDaysShown();
  const answer = useAnswer("overview", page.filters);
  return h(Fragment, null,
    h(Title, { kicker: "Overview" }, shown.start ? `${day(shown.start)} – ${day(shown.end)}` : "Coverage"),
    h(Answered, { answer }, (data) => h(Whole, { data })));
};

const Whole = ({ data }) => {
  const attention = useMemo(() => rowsOf(data.attention), [data]);
  const foremost = useMemo(() => rowsOf(data.foremost), [data]);
  const top = useMemo(() => rowsOf(data.top_sources), [data]);
  const rising = useMemo(() => rowsOf(data.rising_sources), [data]);
  const outlets = useMemo(() => rowsOf(data.outlets).sort((one, other) => (one.verdict === "ok") - (other.verdict === "ok")), [data]); // the unwell first
  const gaps = useMemo(() => rowsOf(data.gaps), [data]);
  const { counts } = data;
  return h(Fragment, null,
    h(Counts, { counts: [
      ["Found", number(counts.found), "URLs in the outlets' feeds"],
      ["New", number(counts.new), "pages fetched and archived"],
      ["Articles", number(counts.articles), "extracted records"],
      ["Statements", number(counts.attributions), "attributions: who said what, by which words"],
      ["Sources", number(counts.sources), "who are cited"],
      ["Rejects", number(counts.rejected), "pages that are no articles, each with a reason"],
      ["Gaps", number(counts.gaps), "known to be missing", counts.gaps ? "bad" : null],
    ] }),
    !counts.articles && h(Notice, { title: "No articles" }, "Nothing is published for these days and filters. Pick other days above, or trigger the DAG ingest_daily for one of them."),
    h("div", { className: "ww-grid" },
      h(Panel, { id: "attention", title: "Articles and statements a day", hint: "Pick a day to read its articles." }, h(Attention, { rows: attention })),
      h(Panel, { id: "foremost", title: "Attention to the most cited", hint: `Statements a day${attention.length > MANY ? ", the average of a week" : ""}. Pick a line to open its source.` }, h(Foremost, { rows: foremost })),
      h(Panel, { id: "top-sources", title: "Most cited sources", hint: "Statements; and outlets that carry them." },
        h(Ranking, {
          caption: "Most cited sources", rows: top.slice(0, TOP), value: "attributions", label: "Statements", empty: NO_DAYS, rowKey: (row) => row.source_key,
          name: (row) => h(ToSource, { id: row.source_key, name: row.source_name }), more: { label: "Outlets", cell: (row) => count(row.outlets, "outlet") },
        }),
        h(More, { view: "source" }, "All sources")),
      h(Panel, { id: "rising", title: "Rising sources", hint: "Cited in more articles than in as many days before." },
        h(DataTable, {
          caption: "Rising sources", rows: rising.slice(0, TOP), empty: "Nobody is cited in more articles than before, or nothing is known of the days before.", rowKey: (row) => row.source_key,
          columns: [
            { key: "source_name", label: "Source", head: true, cell: (row) => h(ToSource, { id: row.source_key, name: row.source_name }) },
            { key: "before", label: "Before", number: true }, { key: "now", label: "Now", number: true },
            { key: "ratio", label: "Times", number: true, cell: (row) => (row.before ? `× ${number(row.ratio, 1)}` : "new") },
          ],
        })),
      h(Panel, { id: "outlets", wide: true, title: "Outlets", hint: "Output, losses and health on the last day of collecting; those that are not well first." },
        h(DataTable, {
          caption: "Outlets and their health", rows: outlets, most: ROWS, empty: NO_DAYS, rowKey: (row) => row.outlet_id,
          columns: [
            { key: "outlet", label: "Outlet", head: true, cell: (row) => h(ToOutlet, { id: row.outlet_id, name: row.outlet }) },
            { key: "articles", label: "Articles", number: true }, { key: "attributions", label: "Statements", number: true },
            { key: "rejected", label: "Rejects", number: true, cell: (row) => row.rejected ? h(ToOutlet, { id: row.outlet_id, name: number(row.rejected), own: { section: "rejects" }, "aria-label": `${number(row.rejected)} rejects of ${row.outlet}` }) : "0" },
            { key: "missing_date", label: "Undated", number: true, title: "articles without a date of publication" },
            { key: "gaps", label: "Gaps", number: true },
            { key: "verdict", label: "Health", cell: (row) => h(Verdict, { verdict: row.verdict }) },
            { key: "last_day", label: "Last day", cell: (row) => day(row.last_day), className: "ww-nowrap" },
          ],
        })),
      h(Panel, { id: "gaps", wide: true, title: "Gaps", hint: "Known to be missing: what an outlet published, or may have, that is not here." },
        gaps.length === 0 ? h(Empty, null, "Nothing is known to be missing on these days.") : h(DataTable, {
          caption: "Gaps", rows: gaps, most: ROWS,
          columns: [
            { key: "day", label: "Day", cell: (row) => day(row.day), className: "ww-nowrap" },
            { key: "outlet", label: "Outlet", head: true, cell: (row) => h(ToOutlet, { id: row.outlet_id, name: row.outlet }) },
            { key: "reason", label: "Reason", cell: (row) => String(row.reason ?? "").replaceAll("_", " ") },
            { key: "key", label: "Feed or page", className: "ww-address" }, { key: "detail", label: "What exactly" },
          ],
        }),
        gaps.length > 0 && gaps.length < counts.gaps && h("p", { className: "ww-hint" }, `The newest ${number(gaps.length)} of ${number(counts.gaps)}; the page of an outlet has all of its own.`))));
};

export const More = ({ view, own, children }) => h("p", { className: "ww-more-link" }, h(To, { view, own }, children, " →"));

// Two plots over the same days, one above the other: articles and statements are too unlike for one scale.
const Attention = ({ rows }) => {
  const page = usePage();
  const colours = useColours();
  const shown = useDaysShown();
  const [traces, layout] = useMemo(() => {
    const days = rows.map((row) => row.day);
    const bars = (key, name, place, yaxis) => ({
      type: "bar", x: days, y: rows.map((row) => row[key]), yaxis, marker: { color: colours[place] },
      hovertemplate: `%{x|%-d %b %Y}: <b>%{y:,}</b> ${name}<extra></extra>`,
    });
    const most = (key) => Math.max(0, ...rows.map((row) => row[key]));
    return [
      [bars("articles", "articles", 0, "y"), bars("attributions", "statements", 1, "y2")],
      { xaxis: { ...daysAxis([shown.start, ...days, shown.end]), anchor: "y2" }, yaxis: countAxis(most("articles"), { domain: [0.54, 1] }), yaxis2: countAxis(most("attributions"), { domain: [0, 0.46], nticks: 4 }) },
    ];
  }, [rows, colours, shown.start, shown.end]);
  if (!rows.some((row) => row.articles)) return h(Empty, null, NO_DAYS);
  return h(Plot, {
    traces, layout, label: "Articles and statements a day", onPick: (point) => page.open("article", { start: point.x.slice(0, 10), end: point.x.slice(0, 10) }),
    legend: [{ key: "a", colour: colours[0], name: "articles" }, { key: "s", colour: colours[1], name: "statements" }],
    data: { caption: "Articles and statements a day", rows, columns: [
      { key: "day", label: "Day", head: true, cell: (row) => h(To, { view: "article", own: { start: row.day, end: row.day } }, day(row.day)) },
      { key: "articles", label: "Articles", number: true }, { key: "attributions", label: "Statements", number: true }] },
  });
};

const Foremost = ({ rows }) => {
  const page = usePage();
  const colours = useColours();
  const names = useMemo(() => new Map(rows.map((row) => [row.source_key, row.source_name])), [rows]);
  const keys = useMemo(() => [...names.keys()], [names]);
  const [traces, layout] = useMemo(() => [
    keys.map((key, place) => {
      const own = rows.filter((row) => row.source_key === key);
      const averaged = own.length > MANY;
      return {
        type: "scatter", mode: averaged ? "lines" : "lines+markers", cliponaxis: false, name: inert(names.get(key)), x: own.map((row) => row.day), y: own.map((row) => (averaged ? row.week_average : row.attributions)),
        line: { width: 2, color: colours[place % colours.length] }, marker: { size: 6, color: colours[place % colours.length] },
        text: own.map(() => inert(short(names.get(key), 40))), hovertemplate: "%{text}<br>%{x|%-d %b %Y}: <b>%{y}</b> statements<extra></extra>",
      };
    }),
    { xaxis: daysAxis(rows.map((row) => row.day)), yaxis: countAxis(Math.max(0, ...rows.map((row) => (rows.length > MANY * keys.length ? row.week_average : row.attributions)))) },
  ], [names, keys, rows, colours]);
  if (rows.length === 0) return h(Empty, null, NO_DAYS);
  return h(Plot, {
    traces, layout, label: "Statements a day of the most cited sources", onPick: (point) => page.open("source", { source: keys[point.curveNumber] }),
    legend: keys.map((key, place) => ({ key, colour: colours[place % colours.length], name: h(ToSource, { id: key, name: names.get(key) }) })),
    data: { caption: "Statements a day of the most cited sources", rows, columns: [
      { key: "day", label: "Day", cell: (row) => day(row.day), className: "ww-nowrap" }, { key: "source_name", label: "Source", head: true },
      { key: "attributions", label: "Statements", number: true }, { key: "outlets", label: "Outlets", number: true },
      { key: "week_average", label: "Week's average", number: true, cell: (row) => fixed(row.week_average, 1) }] },
  });
};
