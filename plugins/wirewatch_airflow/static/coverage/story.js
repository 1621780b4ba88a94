// Story: articles that are copies of each other. Who had it first, how it spread, whose figures differ.
import { Fragment, h, useMemo } from "./react.js";
import { part, rowsOf, useAnswer } from "./api.js";
import { NONE, count, instant, lag, number, percent, short } from "./format.js";
import { To, ToArticle, ToOutlet, ToSource, usePage } from "./links.js";
import { Answered, Badge, Empty, Facts, Panel, Title } from "./parts.js";
import { Plot, inert, useColours } from "./plots.js";
import { DataTable, Pager, Ranking } from "./tables.js";

export const Stories = () => {
  const page = usePage();
  const answer = useAnswer("stories", { ...page.filters, offset: page.value("offset") });
  return h(Fragment, null,
    h(Title, { kicker: "Stories", below: "Articles that are copies of each other, verbatim or nearly; most spread first." }, "What spread"),
    h(Answered, { answer }, (data) => h(Panel, { title: "Stories" },
      h(DataTable, {
        caption: "Stories", rows: rowsOf(data), rowKey: (row) => row.cluster_id, sortable: false, empty: "No text ran in more than one article on these days. Pick more days, or fewer filters.",
        columns: [
          { key: "title", label: "Story", head: true, cell: (row) => h(To, { view: "story", own: { story: row.cluster_id } }, row.title || "untitled") },
          { key: "first_outlet", label: "First", cell: (row) => h(ToOutlet, { id: row.first_outlet_id, name: row.first_outlet }) },
          { key: "first_at", label: "At", cell: (row) => instant(row.first_at), className: "ww-nowrap" },
          { key: "articles", label: "Articles", number: true }, { key: "outlets", label: "Outlets", number: true },
          { key: "verbatim", label: "Verbatim", number: true, title: "copies without a changed word" },
          { key: "median_lag_hours", label: "Median lag", number: true, cell: (row) => lag(row.median_lag_hours === null ? null : row.median_lag_hours * 60) }],
      }),
      h(Pager, { table: data, one: "story", many: "stories" }))));
};

export const Story = ({ id }) => {
  const answer = useAnswer(`stories/${part(id)}`);
  return h(Answered, { answer, what: "Story" }, (data) => h(Whole, { data }));
};

const Whole = ({ data }) => {
  const { story } = data;
  const members = useMemo(() => rowsOf(data.members), [data]);
  const figures = useMemo(() => rowsOf(data.figures), [data]);
  return h(Fragment, null,
    h(Title, { kicker: "Story" }, story.title || "untitled"),
    h(Facts, { facts: [["First", `${story.first_outlet}, ${instant(story.first_at)}`], ["Spread", `${count(story.articles, "article")} in ${count(story.outlets, "outlet")}`]] }),
    h("div", { className: "ww-grid" },
      h(Panel, { id: "spread", wide: true, title: "How it spread", hint: "Time since the first article. Pick a point to read it." }, h(Spread, { members })),
      h(Panel, { id: "members", wide: true, title: "Articles", hint: "Own text: share of the article that the first does not have." },
        h(DataTable, {
          caption: "Articles of the story", rows: members, rowKey: (row) => row.article_id,
          columns: [
            { key: "published_at", label: "Published", cell: (row) => instant(row.published_at), className: "ww-nowrap" },
            { key: "lag_minutes", label: "Lag", number: true, cell: (row) => (row.is_first ? h(Badge, { tone: "good" }, "first") : lag(row.lag_minutes)) },
            { key: "outlet", label: "Outlet", cell: (row) => h(ToOutlet, { id: row.outlet_id, name: row.outlet }) },
            { key: "title", label: "Article", head: true, cell: (row) => h(ToArticle, { id: row.article_id, title: row.title }) },
            { key: "wire_credit", label: "Credit" },
            { key: "similarity", label: "Like the first", number: true, cell: (row) => (row.is_first ? NONE : percent(row.similarity)) },
            { key: "own_share", label: "Own text", number: true, cell: (row) => (row.is_first ? NONE : percent(row.own_share)) }],
        })),
      h(Panel, { id: "figures", title: "Figures", hint: "What is counted, with every number given for it. Marked: the numbers differ." }, h(Figures, { figures })),
      h(Panel, { id: "sources", title: "Sources", hint: "Whom the articles cite." },
        h(Ranking, { caption: "Sources of the story", rows: rowsOf(data.sources), value: "attributions", label: "Statements", rowKey: (row) => row.source_key, empty: "Nobody is cited.", name: (row) => h(ToSource, { id: row.source_key, name: row.source_name }) }))));
};

const Spread = ({ members }) => {
  const page = usePage();
  const colours = useColours();
  const known = useMemo(() => members.filter((row) => row.lag_minutes !== null), [members]);
  const far = Math.max(...known.map((row) => row.lag_minutes), 1);
  const [step, unit] = far > 72 * 60 ? [1440, "days"] : far > 180 ? [60, "hours"] : [1, "minutes"];
  const [traces, layout, lanes] = useMemo(() => {
    const outlets = [...new Set([...known].sort((a, b) => a.lag_minutes - b.lag_minutes).map((row) => row.outlet))].reverse();
    const point = (row) => ({ first: row.is_first, wire: Boolean(row.wire_credit) });
    return [
      [{
        type: "scatter", mode: "markers", cliponaxis: false, x: known.map((row) => row.lag_minutes / step), y: known.map((row) => outlets.indexOf(row.outlet)),
        marker: {
          size: 12, color: known.map((row) => (point(row).first ? colours[2] : point(row).wire ? colours[1] : colours[0])),
          symbol: known.map((row) => (point(row).first ? "star" : point(row).wire ? "diamond" : "circle")), line: { width: 0 },
        },
        text: known.map((row) => `${inert(row.outlet)}<br>${inert(short(row.title, 60))}<br>${row.is_first ? "first" : `${lag(row.lag_minutes)} after the first, ${percent(row.similarity)} alike`}`),
        hovertemplate: "%{text}<extra></extra>",
      }],
      {
        xaxis: { title: { text: `${unit} since the first` }, nticks: 8, range: [(-0.05 * far) / step, (1.05 * far) / step] },
        yaxis: { tickvals: outlets.map((_, place) => place), ticktext: outlets.map((name) => inert(short(name, 22))), range: [-0.6, outlets.length - 0.4], showgrid: true },
      },
      outlets.length,
    ];
  }, [known, step, unit, colours]);
  if (known.length === 0) return h(Empty, null, "No article of it has a date.");
  return h(Plot, {
    traces, layout, height: 70 + 30 * lanes, label: "When each outlet ran the story, after the first", onPick: (picked) => page.open("article", { article: known[picked.pointIndex].article_id }),
    legend: [{ key: "first", colour: colours[2], name: "★ first" }, { key: "wire", colour: colours[1], name: "◆ credits an agency" }, { key: "own", colour: colours[0], name: "● no credit" }],
  });
};

const Figures = ({ figures }) => {
  const values = useMemo(() => {
    const found = new Map();
    for (const row of figures) found.set(row.counted, (found.get(row.counted) ?? new Set()).add(`${row.qualifier ?? ""} ${row.value}`));
    return found;
  }, [figures]);
  return h(DataTable, {
    caption: "Figures of the story", rows: figures, empty: "Its articles give no figures.",
    columns: [
      { key: "counted", label: "Counted", head: true, cell: (row) => h(Fragment, null, row.counted ?? h("span", { className: "ww-muted" }, "not said"), " ", values.get(row.counted).size > 1 && h(Badge, { tone: "warn" }, "differ")) },
      { key: "value", label: "Figure", number: true, cell: (row) => [row.qualifier, number(row.value, 2)].filter(Boolean).join(" ") },
      { key: "period", label: "When" },
      { key: "source_name", label: "Given by", cell: (row) => (row.source_name ? h(ToSource, { id: row.source_key, name: row.source_name }) : "the article itself") },
      { key: "outlets", label: "Outlets", number: true }, { key: "articles", label: "Articles", number: true }],
  });
};
