// Article: the text with who said what in it, where it came from, and what it rests on. And the list of articles.
import { Fragment, h, useMemo } from "./react.js";
import { part, rowsOf, useAnswer } from "./api.js";
import { languageName } from "./filters.js";
import { count, instant, number } from "./format.js";
import { Outward, To, ToArticle, ToOutlet, ToSource, usePage } from "./links.js";
import { Answered, Badge, Empty, Facts, NO_DAYS, Notice, Panel, Title } from "./parts.js";
import { DataTable, Pager } from "./tables.js";
import { Key, Reading, SaidList, said } from "./reading.js";

export const Articles = () => {
  const page = usePage();
  const answer = useAnswer("articles", { ...page.filters, offset: page.value("offset") });
  return h(Fragment, null,
    h(Title, { kicker: "Articles", below: "Newest first." }, "What was published"),
    h(Answered, { answer }, (data) => h(Panel, { title: "Articles" },
      h(DataTable, {
        caption: "Articles", rows: rowsOf(data), rowKey: (row) => row.article_id, empty: NO_DAYS, sortable: false,
        columns: [
          { key: "published_at", label: "Published", cell: (row) => instant(row.published_at), className: "ww-nowrap" },
          { key: "outlet", label: "Outlet", cell: (row) => h(ToOutlet, { id: row.outlet_id, name: row.outlet }) },
          { key: "title", label: "Article", head: true, cell: (row) => h(ToArticle, { id: row.article_id, title: row.title }) },
          { key: "byline", label: "Byline" }, { key: "wire_credit", label: "Credit" }, { key: "language", label: "Language" },
          { key: "word_count", label: "Words", number: true }, { key: "attributions", label: "Statements", number: true },
          { key: "copies", label: "Copies", number: true, cell: (row) => (row.cluster_id && row.copies ? h(To, { view: "story", own: { story: row.cluster_id }, "aria-label": `${row.copies} copies: the story` }, number(row.copies)) : "0") }],
      }),
      h(Pager, { table: data, one: "article" }))));
};

export const Article = ({ id }) => {
  const answer = useAnswer(`articles/${part(id)}`);
  return h(Answered, { answer, what: "Article" }, (data) => h(Whole, { data }));
};

const Whole = ({ data }) => {
  const page = usePage();
  const { article, attributions } = data;
  const chosen = page.value("attribution") || null;
  const inOrder = useMemo(() => [...attributions].sort((one, other) => one.ordinal - other.ordinal), [attributions]);
  return h(Fragment, null,
    h(Title, { kicker: ["Article · ", h(ToOutlet, { key: "outlet", id: article.outlet_id, name: article.outlet })], below: [data.authors.join(", ") || article.byline, instant(article.published_at)].filter(Boolean).join(" · ") }, article.title || "untitled"),
    h(Remarks, { article }),
    h("div", { className: "ww-article" },
      h("div", { className: "ww-side" }, h("article", { className: "ww-panel", "aria-label": "The text" },
        h(Key, null),
        article.dateline && h("p", { className: "ww-dateline", dir: "auto" }, article.dateline),
        article.body ? h(Reading, { body: article.body, attributions: inOrder, chosen }) : h(Empty, null, "The page has no text.")),
        h(About, { article, story: data.story, mentions: data.mentions })),
      h("div", { className: "ww-side" },
        h(Panel, { id: "said", title: "Who says what", hint: attributions.length ? `${count(attributions.length, "statement")}. Choose one to see it in the text.` : null },
          attributions.length
            ? h(SaidList, { attributions: inOrder, chosen, links: (one) => (one.source_key ? h(ToSource, { id: one.source_key, name: said(one) }) : h("span", null, said(one))) })
            : h(Empty, null, article.attribution_skipped ? `Not read for statements (${article.attribution_skipped}).` : "Nobody is cited in it.")),
        h(Chain, { chain: data.chain }),
        h(Evidence, { data }),
        h(Figures, { data }))));
};

const FORMS = {
  live_blog: "A live blog: its posts change under this address.",
  gallery: "A gallery: the text stands between its pictures.",
  part: "One of several pages of this article.",
};

const Remarks = ({ article }) => {
  const remarks = [
    FORMS[article.form],
    article.paywalled && "The page says that there is more for its subscribers.",
    ...(article.notes ?? []).map((note) => `The outlet notes: ${note}`),
  ].filter(Boolean);
  return remarks.length ? h(Fragment, null, remarks.map((remark) => h(Notice, { key: remark }, remark))) : null;
};

// Through whom the words came: who printed it, which agency carried it, who was quoted.
const Chain = ({ chain }) => {
  const steps = ["outlet", "agency", "source"].map((role) => chain.filter((link) => link.role === role)).filter((links) => links.length > 0);
  if (steps.length < 2) return null;
  return h(Panel, { id: "chain", title: "Whose words", hint: "From the outlet back to those who said it." },
    h("ol", { className: "ww-chain" }, steps.map((links) =>
      h("li", { key: links[0].role }, h(Badge, null, links[0].role), h("span", { className: "ww-names" }, links.map((link) =>
        h("span", { key: link.key ?? link.name },
          link.role === "outlet" ? h(ToOutlet, { id: link.key, name: link.name }) : h(ToSource, { id: link.key, name: link.name }),
          link.evidence && h("span", { className: "ww-muted" }, EVIDENCE[link.evidence] ?? ` (${link.evidence})`), link.via && h("span", { className: "ww-muted" }, ` via ${link.via}`))))))));
};
const EVIDENCE = { credit: ", by the article's own credit", copy: ", whose text it is" };

const Evidence = ({ data }) =>
  h(Panel, { id: "evidence", title: "What it rests on", hint: "The archived responses, byte for byte, and the page's states." },
    h("ul", { className: "ww-list" }, data.captures.map((capture) =>
      h("li", { key: capture.capture_id },
        h(To, { view: "capture", own: { capture: capture.capture_id } }, `Capture of ${instant(capture.fetched_at)}`),
        h("span", { className: "ww-muted" }, `HTTP ${capture.status}`), h("code", { title: capture.digest }, digest(capture.digest))))),
    data.revisions.length > 1 && h(Fragment, null, h("h3", null, "States of the page"),
      h("ul", { className: "ww-list" }, data.revisions.map((state) =>
        h("li", { key: state.article_id },
          state.is_this ? h("strong", null, `${instant(state.collected_at)} (this one)`) : h(ToArticle, { id: state.article_id, title: instant(state.collected_at) }),
          h("span", { className: "ww-muted" }, count(state.word_count, "word")), h("span", { dir: "auto" }, state.title))))));
export const digest = (text) => String(text ?? "").replace(/^sha256:/, "").slice(0, 12);

const Figures = ({ data }) => {
  const byId = new Map(data.attributions.map((one) => [one.attribution_id, one]));
  return data.figures.length > 0 && h(Panel, { id: "figures", title: "Figures" },
    h(DataTable, {
      caption: "Figures in the text", rows: data.figures,
      columns: [
        { key: "value", label: "Figure", head: true, cell: (row) => h(Fragment, null, [row.qualifier, number(row.value, 2), row.unit, row.counted].filter(Boolean).join(" "), row.period && h("span", { className: "ww-muted" }, ` ${row.period}`)) },
        { key: "attribution_id", label: "Given by", sort: false, cell: (row) => (byId.has(row.attribution_id) ? said(byId.get(row.attribution_id)) : "the article itself") }],
    }));
};

const About = ({ article, story, mentions }) => {
  const named = useMemo(() => [...new Map(mentions.map((one) => [one.source_key ?? one.name, one])).values()], [mentions]);
  return h(Panel, { id: "about", title: "About the article" },
    h(Facts, { facts: [
      ["Address", h(Outward, { url: article.url })],
      ["Published", article.published_at && `${instant(article.published_at)} (from ${article.published_from ?? "nowhere named"})`],
      ["Changed", article.modified_at && instant(article.modified_at)], ["Collected", instant(article.collected_at)],
      ["Byline", article.byline], ["Agency credit", article.wire_credit], ["Section", article.section], ["Keywords", (article.tags ?? []).join(" · ")],
      ["Language", article.language && languageName(article.language)], ["Words", number(article.word_count)],
      ["Story", story && h(To, { view: "story", own: { story: story.cluster_id } }, count(story.articles, "article"))],
      ["Picture", article.image_url && h(Outward, { url: article.image_url }, "as a link: pictures are not loaded")],
      ["Named in it", named.length > 0 && h("span", { className: "ww-names" }, named.map((one, place) => h("span", { key: place }, one.source_key ? h(ToSource, { id: one.source_key, name: one.name }) : one.name)))],
    ] }));
};
