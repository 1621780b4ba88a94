// Source: one who is cited. When, by whom, with which words, beside whom, and every statement with its evidence.
import { Fragment, h, useMemo, useState } from "./react.js";
import { part, rowsOf, useAnswer } from "./api.js";
import { count, day, fixed, percent } from "./format.js";
import { Outward, ToOutlet, ToSource, usePage } from "./links.js";
import { Answered, Empty, Facts, NO_DAYS, Panel, Title } from "./parts.js";
import { Plot, useColours, useDays } from "./plots.js";
import { DataTable, Pager, Ranking } from "./tables.js";
import { Statement } from "./statement.js";

const PAGE = 20;
const FIRST = 12; // of each list, until all is asked for

export const Sources = () => {
  const page = usePage();
  const answer = useAnswer("sources", { ...page.filters, words: page.value("words"), offset: page.value("offset") });
  return h(Fragment, null,
    h(Title, { kicker: "Sources", below: "Whoever a statement is attributed to, most cited first." }, "Who is cited"),
    h(Find, { key: page.value("words"), label: "Find sources by name", value: page.value("words"), onFind: (words) => page.set({ words }) }),
    h(Answered, { answer }, (data) => h(Panel, { title: "Sources" },
      h(DataTable, {
        caption: "Sources", rows: rowsOf(data), rowKey: (row) => row.source_key, sortable: false,
        empty: page.value("words") ? "Nobody of that name is cited on these days. Try a part of the name, or more days." : NO_DAYS,
        columns: [
          { key: "source_name", label: "Source", head: true, cell: (row) => h(ToSource, { id: row.source_key, name: row.source_name }) },
          { key: "kind", label: "Kind" }, { key: "country", label: "Country" },
          { key: "attributions", label: "Statements", number: true }, { key: "articles", label: "Articles", number: true }, { key: "outlets", label: "Outlets", number: true },
        ],
      }),
      h(Pager, { table: data, one: "source" }))));
};

export const Find = ({ label, value, onFind }) => {
  const [text, setText] = useState(value);
  return h("form", { className: "ww-find", role: "search", onSubmit: (event) => { event.preventDefault(); onFind(text.trim()); } },
    h("label", null, h("span", { className: "ww-hidden" }, label),
      h("input", { type: "search", value: text, placeholder: label, onChange: (event) => setText(event.target.value) })),
    h("button", { type: "submit", className: "ww-button ww-primary" }, "Find"));
};

export const Source = ({ id }) => {
  const page = usePage();
  const answer = useAnswer(`sources/${part(id)}`, page.filters);
  return h(Answered, { answer, what: "Source" }, (data) => h(Fragment, null, h(Head, { source: data.source }), h(Body, { id, data })));
};

const Head = ({ source }) =>
  h(Fragment, null,
    h(Title, { kicker: ["Source", source.kind && ` · ${source.kind}`] }, source.source_name),
    h(Facts, { facts: [
      ["Speaks for", source.parent_key && h(ToSource, { id: source.parent_key, name: source.parent_name })],
      ["Country", source.country],
      ["Also printed as", (source.aliases ?? []).join(" · ")],
      ["Wikidata", source.wikidata && h(Outward, { url: `https://www.wikidata.org/wiki/${part(source.wikidata)}` }, source.wikidata)],
      ["Registry", source.kind === null && (source.source_key.startsWith("name:") ? "not in the registry of sources: known by the printed name alone" : "no longer in the registry of sources")],
    ] }));

const Body = ({ id, data }) => {
  const outlets = useMemo(() => rowsOf(data.outlets), [data]);
  const verbs = useMemo(() => rowsOf(data.verbs), [data]);
  const cocited = useMemo(() => rowsOf(data.cocited), [data]);
  return h("div", { className: "ww-grid" },
    h(Panel, { id: "timeline", wide: true, title: "Statements a day", hint: "Pick a day to see its statements alone." }, h(Timeline, { rows: rowsOf(data.timeline) })),
    h("div", { className: "ww-wide ww-thirds" }, h(Panel, { id: "quoted-by", title: "Who quotes it", hint: "Statements; the strong part stands in quotation marks. Right: of the outlet's statements." },
      h(Ranking, {
        caption: "Outlets that quote the source", rows: outlets, most: FIRST, value: "attributions", part: "direct", label: "Statements", rowKey: (row) => row.outlet_id, empty: NO_DAYS,
        name: (row) => h(ToOutlet, { id: row.outlet_id, name: row.outlet }), more: { label: "Share of the outlet's statements", cell: (row) => percent(row.share) },
      })),
    h(Panel, { id: "verbs", title: "With which words", hint: "The reporting words that give it its statements." },
      h(Ranking, { caption: "Reporting words", rows: verbs, most: FIRST, value: "attributions", label: "Statements", name: (row) => h("q", null, row.cue ?? "no cue"), rowKey: (row) => String(row.cue), empty: NO_DAYS })),
    h(Panel, { id: "cocited", title: "Cited beside it", hint: "In the same articles. Closeness: 0 by chance, 1 never one without the other." },
      h(DataTable, {
        caption: "Sources cited in the same articles", rows: cocited, most: FIRST, rowKey: (row) => row.source_key, empty: "Nobody is cited beside it often enough to tell.",
        columns: [
          { key: "source_name", label: "Source", head: true, cell: (row) => h(ToSource, { id: row.source_key, name: row.source_name }) },
          { key: "articles", label: "Articles", number: true }, { key: "npmi", label: "Closeness", number: true, cell: (row) => fixed(row.npmi, 2) }],
      }))),
    h(Panel, { id: "statements", wide: true, title: "Statements", hint: "Newest first; each leads to its place in the article." }, h(Statements, { id })));
};

const SERIES = [{ key: "attributions", name: "statements" }];
const Timeline = ({ rows }) => {
  const page = usePage();
  const colours = useColours();
  const [traces, layout] = useDays(rows, SERIES, colours);
  if (!rows.some((row) => row.attributions)) return h(Empty, null, NO_DAYS);
  return h(Plot, {
    traces, layout, height: 200, label: "Statements a day", onPick: (point) => page.set({ start: point.x.slice(0, 10), end: point.x.slice(0, 10) }),
    data: { caption: "Statements a day", rows, columns: [
      { key: "day", label: "Day", head: true, cell: (row) => day(row.day) }, { key: "attributions", label: "Statements", number: true }, { key: "articles", label: "Articles", number: true }] },
  });
};

const Statements = ({ id }) => {
  const page = usePage();
  const answer = useAnswer(`sources/${part(id)}/statements`, { ...page.filters, limit: PAGE, offset: page.value("offset") });
  return h(Answered, { answer }, (data) =>
    data.rows.length === 0
      ? h(Empty, null, NO_DAYS)
      : h(Fragment, null,
        h("ol", { className: "ww-statements", "aria-label": count(data.count, "statement") }, rowsOf(data).map((row) => h(Statement, { key: row.attribution_id, row }))),
        h(Pager, { table: data, one: "statement" })));
};
