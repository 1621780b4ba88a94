// Outlet: how much it publishes, whom it cites, how much of it is agency copy, how its collecting fares, what was refused.
import { Fragment, h, useEffect, useMemo, useRef } from "./react.js";
import { part, rowsOf, useAnswer } from "./api.js";
import { day, instant, number, percent } from "./format.js";
import { languageName } from "./filters.js";
import { Outward, ToOutlet, ToSource, usePage } from "./links.js";
import { Answered, Badge, Counts, Empty, Facts, NO_DAYS, Panel, Title, Verdict } from "./parts.js";
import { Plot, useColours, useDays } from "./plots.js";
import { DataTable, Pager, Ranking } from "./tables.js";
import { More } from "./overview.js";

const PAGE = 25;
const FIRST = 12; // of each list, until all is asked for
const DAYS = 14; // of its health, until all are asked for
export const words = (reason) => String(reason ?? "").replaceAll("_", " ");

export const Outlets = () => {
  const page = usePage();
  const answer = useAnswer("outlets", page.filters);
  return h(Fragment, null,
    h(Title, { kicker: "Outlets", below: "The publications that are monitored." }, "Who publishes"),
    h(Answered, { answer }, (data) => h(Panel, { title: "Outlets" },
      h(DataTable, {
        caption: "Outlets", rows: rowsOf(data), rowKey: (row) => row.outlet_id, empty: NO_DAYS,
        columns: [
          { key: "outlet", label: "Outlet", head: true, cell: (row) => h(ToOutlet, { id: row.outlet_id, name: row.outlet }) },
          { key: "kind", label: "Kind" }, { key: "country", label: "Country" }, { key: "language", label: "Language", cell: (row) => languageName(row.language) },
          { key: "articles", label: "Articles", number: true }, { key: "attributions", label: "Statements", number: true },
          { key: "wire_share", label: "Agency copy", number: true, cell: (row) => percent(row.wire_share) },
          { key: "verdict", label: "Health", cell: (row) => h(Verdict, { verdict: row.verdict }) },
          { key: "last_day", label: "Last day", cell: (row) => day(row.last_day), className: "ww-nowrap" },
        ],
      }))));
};

export const Outlet = ({ id }) => {
  const page = usePage();
  const answer = useAnswer(`outlets/${part(id)}`, page.filters);
  return h(Answered, { answer, what: "Outlet" }, (data) => h(Fragment, null, h(Head, { outlet: data.outlet }), h(Body, { id, data })));
};

const Head = ({ outlet }) =>
  h(Fragment, null,
    h(Title, { kicker: ["Outlet", outlet.kind && ` · ${outlet.kind}`] }, outlet.name),
    h(Facts, { facts: [
      ["Homepage", outlet.homepage && h(Outward, { url: outlet.homepage })], ["Country", outlet.country],
      ["Language", outlet.language && languageName(outlet.language)],
    ] }));

const Body = ({ id, data }) => {
  const volume = useMemo(() => rowsOf(data.volume).map((row) => ({ ...row, own_articles: row.articles - row.wire_articles })), [data]);
  const sources = useMemo(() => rowsOf(data.sources), [data]);
  const agencies = useMemo(() => rowsOf(data.agencies), [data]);
  const health = useMemo(() => rowsOf(data.health), [data]);
  const rejects = useMemo(() => rowsOf(data.rejects), [data]);
  const sum = (key) => volume.reduce((total, row) => total + Number(row[key] ?? 0), 0);
  return h(Fragment, null,
    h(Counts, { counts: [
      ["Articles", number(sum("articles")), "published on these days"], ["Statements", number(sum("attributions")), "in them"],
      ["Agency copy", percent(sum("articles") ? sum("wire_articles") / sum("articles") : null), "share of articles with a wire credit"],
      ["Rejects", number(rejects.reduce((total, row) => total + row.rejects, 0)), "pages that are no articles"],
    ] }),
    h("div", { className: "ww-grid" },
      h(Panel, { id: "volume", wide: true, title: "Articles a day", hint: "Pick a day to read its articles." },
        h(Volume, { rows: volume, id }), h(More, { view: "article", own: { outlet: id } }, "All its articles")),
      h(Panel, { id: "sources", title: "Whom it cites", hint: "Statements; the strong part stands in quotation marks." },
        h(Ranking, { caption: "Sources the outlet cites", rows: sources, most: FIRST, value: "attributions", part: "direct", label: "Statements", rowKey: (row) => row.source_key, empty: NO_DAYS, name: (row) => h(ToSource, { id: row.source_key, name: row.source_name }) })),
      h(Panel, { id: "agencies", title: "Agency copy", hint: "Whose copy it runs, by its own credit." },
        h(Ranking, { caption: "Agencies", rows: agencies, most: FIRST, value: "articles", label: "Articles", rowKey: (row) => row.agency, empty: "No article of these days credits an agency.", name: (row) => row.agency, more: { label: "Share of articles", cell: (row) => percent(row.share) } })),
      h(Panel, { id: "health", wide: true, title: "Health", hint: "What each day of collecting found, kept, refused and lost; newest first." }, h(Health, { rows: health })),
      h(Panel, { id: "feeds", wide: true, title: "Feeds" },
        h(DataTable, {
          caption: "Feeds", rows: rowsOf(data.feeds), rowKey: (row) => row.feed_id, empty: "This outlet has no feed.",
          columns: [
            { key: "feed_id", label: "Feed", head: true }, { key: "kind", label: "Kind" }, { key: "url", label: "Address", className: "ww-address", cell: (row) => h(Outward, { url: row.url }) },
            { key: "last_status", label: "Last read", cell: (row) => h(Badge, { tone: FEED_TONES[row.last_status] ?? "bad" }, words(row.last_status) || "never") },
            { key: "last_at", label: "At", cell: (row) => instant(row.last_at), className: "ww-nowrap" }],
        })),
      h(Rejects, { id, reasons: rejects })));
};
const FEED_TONES = { ok: "good", unchanged: "good", not_due: "good", empty: "warn", disabled: "plain", undefined: "plain", null: "plain" };

const SERIES = [{ key: "own_articles", name: "articles of its own" }, { key: "wire_articles", name: "articles of agencies" }];
const Volume = ({ rows, id }) => {
  const page = usePage();
  const colours = useColours();
  const [traces, layout] = useDays(rows, SERIES, colours);
  if (!rows.some((row) => row.articles)) return h(Empty, null, NO_DAYS);
  return h(Plot, {
    traces, layout, height: 220, label: "Articles a day, its own and of agencies",
    onPick: (point) => page.open("article", { outlet: id, start: point.x.slice(0, 10), end: point.x.slice(0, 10) }),
    legend: SERIES.map(({ key, name }, place) => ({ key, colour: colours[place], name })),
    data: { caption: "Articles a day", rows, columns: [
      { key: "day", label: "Day", head: true, cell: (row) => day(row.day) }, { key: "articles", label: "Articles", number: true },
      { key: "wire_articles", label: "Of agencies", number: true }, { key: "attributions", label: "Statements", number: true }] },
  });
};

const Health = ({ rows }) =>
  h(DataTable, {
    caption: "Health by day", rows: [...rows].reverse(), most: DAYS, rowKey: (row) => row.day, empty: "Nothing was collected on these days.",
    columns: [
      { key: "day", label: "Day", head: true, cell: (row) => day(row.day), className: "ww-nowrap" },
      { key: "verdict", label: "Health", cell: (row) => h(Verdict, { verdict: row.verdict }) },
      { key: "found", label: "Found", number: true, title: "URLs in its feeds" }, { key: "new", label: "New", number: true, title: "pages archived" },
      { key: "articles", label: "Articles", number: true }, { key: "rejected", label: "Rejects", number: true }, { key: "missing_date", label: "Undated", number: true },
      { key: "median_words", label: "Median words", number: true }, { key: "gaps", label: "Gaps", number: true }],
  });

// Links of Airflow's tasks lead here: `&section=rejects` brings this part into view.
const Rejects = ({ id, reasons }) => {
  const page = usePage();
  const place = useRef(null);
  const asked = page.value("section") === "rejects";
  const answer = useAnswer(`outlets/${part(id)}/rejects`, { ...page.filters, limit: PAGE, offset: page.value("offset") });
  const settled = !answer.loading;
  useEffect(() => {
    if (asked && settled) place.current.scrollIntoView({ block: "start" });
  }, [asked, settled]);
  return h("div", { className: "ww-wide", ref: place },
    h(Panel, { id: "rejects", title: "Rejects and gaps", hint: "What did not become an article, and why." },
      reasons.length > 0 && h("ul", { className: "ww-reasons", "aria-label": "Rejects by reason" },
        reasons.map((row) => h("li", { key: row.reason }, words(row.reason), " ", h("strong", null, number(row.rejects))))),
      h(Answered, { answer }, (data) => h(Fragment, null,
        h(DataTable, {
          caption: "Rejects and gaps", rows: rowsOf(data), sortable: false, empty: "Nothing was refused or lost on these days.",
          columns: [
            { key: "at", label: "At", cell: (row) => instant(row.at), className: "ww-nowrap" },
            { key: "stage", label: "Stage", cell: (row) => h(Badge, { tone: row.stage === "gap" ? "bad" : "plain" }, row.stage) },
            { key: "reason", label: "Reason", head: true, cell: (row) => words(row.reason) },
            { key: "key", label: "Page or file", className: "ww-address", cell: (row) => h(Outward, { url: row.key }) }, { key: "detail", label: "What exactly" }],
        }),
        data.rows.length > 0 && h(Pager, { table: data, one: "entry", many: "entries" })))));
};
