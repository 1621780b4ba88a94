// Search: articles by their words, with snippets, by day, outlet and language.
import { Fragment, h, useMemo } from "./react.js";
import { get, rowsOf, useAnswer } from "./api.js";
import { languageName } from "./filters.js";
import { count, day, instant } from "./format.js";
import { ToArticle, ToOutlet, usePage } from "./links.js";
import { Answered, Empty, NO_DAYS, Panel, Title, useFacets } from "./parts.js";
import { Plot, useColours, useDays } from "./plots.js";
import { Pager, Ranking } from "./tables.js";
import { Find } from "./source.js";
import { marked } from "./spans.js";

const PAGE = 20;
export const EXAMPLES = ['"ancient city" museum', "title:palmyra", "ceasefire -truce", "source:ferrante"]; // a test asks each

export const Search = () => {
  const page = usePage();
  const words = page.value("words");
  return h(Fragment, null,
    h(Title, { kicker: "Search" }, words ? h(Fragment, null, "Articles with ", h("q", null, words)) : "Find articles by their words"),
    h(Find, { key: words, label: "Words, “a phrase”, -without, title:word", value: words, onFind: (text) => page.set({ words: text }) }),
    words ? h(Results, { words }) : h(Hints, null));
};

const Hints = () => {
  const page = usePage();
  return h(Panel, { title: "How to ask" },
    h("p", null, "Words are looked for in titles and bodies, in the forms that they take; an article with more of them, and rarer ones, comes first. For instance:"),
    h("ul", { className: "ww-examples" }, EXAMPLES.map((example) =>
      h("li", { key: example }, h("button", { type: "button", className: "ww-button", onClick: () => page.set({ words: example }) }, h("code", null, example))))));
};

const Results = ({ words }) => {
  const page = usePage();
  const newest = page.value("newest") === "true";
  const asked = { ...page.filters, words };
  const answer = useAnswer("search", { ...asked, limit: PAGE, offset: page.value("offset"), newest: newest || null });
  return h("div", { className: "ww-article" },
    h(Panel, {
      id: "hits", title: answer.data ? count(answer.data.count, "article") : "Articles",
      aside: h("label", { className: "ww-inline" }, "Order ", h("select", { value: String(newest), onChange: (event) => page.set({ newest: event.target.value === "true" ? "true" : null }) },
        h("option", { value: "false" }, "best first"), h("option", { value: "true" }, "newest first"))),
    }, h(Answered, { answer }, (data) => h(Hits, { data }))),
    answer.data?.count > 0 && h("div", { className: "ww-side" }, h(ByDay, { asked }), h(By, { asked, by: "outlet", title: "By outlet" }), h(By, { asked, by: "language", title: "By language" }), h(By, { asked, by: "source", title: "By source" })));
};

const Hits = ({ data }) => {
  const { outlets } = useFacets();
  const names = useMemo(() => new Map(outlets.map((outlet) => [outlet.outlet_id, outlet.name])), [outlets]);
  const rows = rowsOf(data);
  if (rows.length === 0) return h(Empty, null, "No article has these words on these days. Try fewer words, other days, or fewer filters.");
  return h(Fragment, null,
    h("ol", { className: "ww-hits" }, rows.map((hit) =>
      h("li", { key: hit.article_id },
        h(ToArticle, { id: hit.article_id, title: hit.title, className: "ww-hit-title" }),
        h("p", { className: "ww-statement-head" }, h("span", { className: "ww-nowrap" }, instant(hit.dated_at)), h(ToOutlet, { id: hit.outlet_id, name: names.get(hit.outlet_id) ?? hit.outlet_id }), h("span", null, languageName(hit.language))),
        h("p", { dir: "auto", className: "ww-snippet" },
          hit.snippet_start > 0 && "… ", marked(hit.snippet ?? "", hit.highlights ?? [], hit.snippet_start).map(([text, isHit], place) => (isHit ? h("mark", { key: place }, text) : text)), " …")))),
    h(Pager, { table: data, one: "article" }));
};

const SERIES = [{ key: "articles", name: "articles" }];
const ByDay = ({ asked }) => {
  const answer = useAnswer("search/counts", { ...asked, by: "day" });
  return h(Panel, { id: "by-day", title: "By day", hint: "Pick a day to search it alone." },
    h(Answered, { answer }, (data) => h(Histogram, { rows: rowsOf(data) })));
};
const Histogram = ({ rows }) => {
  const page = usePage();
  const colours = useColours();
  const [traces, layout] = useDays(rows, SERIES, colours);
  if (rows.length === 0) return h(Empty, null, NO_DAYS);
  return h(Plot, {
    traces, layout, height: 150, label: "Articles a day that have these words", onPick: (point) => page.set({ start: point.x.slice(0, 10), end: point.x.slice(0, 10) }),
    data: { caption: "Articles a day", rows, columns: [{ key: "day", label: "Day", head: true, cell: (row) => day(row.day) }, { key: "articles", label: "Articles", number: true }] },
  });
};

const By = ({ asked, by, title }) => {
  const page = usePage();
  const { outlets } = useFacets();
  const answer = useAnswer("search/counts", { ...asked, by });
  const name = (value) => (by === "outlet" ? outlets.find((outlet) => outlet.outlet_id === value)?.name ?? value : by === "language" ? languageName(value) : String(value));
  const only = (value) => (by === "source" ? keyOf(value).then((key) => page.set({ source: key })) : page.set({ [by]: value }));
  return h(Panel, { id: `by-${by}`, title },
    h(Answered, { answer }, (data) => h(Ranking, {
      caption: title, rows: rowsOf(data).slice(0, 8), value: "articles", label: "Articles", empty: "None.", rowKey: (row) => row[data.columns[0]],
      name: (row) => h("button", { type: "button", className: "ww-quote", onClick: () => only(row[data.columns[0]]) }, name(row[data.columns[0]])),
    })));
};

// The search counts sources by their names; a filter takes the key.
const keyOf = async (name) => {
  const { columns, rows } = await get("sources", { words: name, limit: 50 }).catch(() => ({ columns: [], rows: [] }));
  const hit = rows.find((row) => row[columns.indexOf("source_name")] === name);
  return hit ? hit[columns.indexOf("source_key")] : `name:${name}`;
};
