// The Coverage page: its views, the way between them, and what all of them need to know first.
import { Fragment, h, useEffect, useLocation, useRef } from "./react.js";
import { useAnswer } from "./api.js";
import { Filters } from "./filters.js";
import { day, number } from "./format.js";
import { To, usePage } from "./links.js";
import { Facets, Failure, Guard, Loading, Notice, Title } from "./parts.js";
import { Article, Articles } from "./article.js";
import { Ask } from "./ask.js";
import { Capture } from "./capture.js";
import { Outlet, Outlets } from "./outlet.js";
import { Overview } from "./overview.js";
import { Search } from "./search.js";
import { Source, Sources } from "./source.js";
import { Stories, Story } from "./story.js";
import { Watch, Watches } from "./watches.js";

// one: the view of one thing, where the URL names it; all: the view of all of them.
const VIEWS = {
  overview: { name: "Overview", all: Overview, filters: ["days", "outlet", "language", "source"] },
  source: { name: "Sources", all: Sources, one: Source, filters: ["days", "outlet", "language"] },
  outlet: { name: "Outlets", all: Outlets, one: Outlet, filters: ["days", "language", "source"] },
  story: { name: "Stories", all: Stories, one: Story, filters: ["days", "outlet", "language", "source"], oneFilters: [] },
  article: { name: "Articles", all: Articles, one: Article, filters: ["days", "outlet", "language", "source"], oneFilters: [] },
  capture: { one: Capture, all: Overview, filters: [], oneFilters: [] },
  search: { name: "Search", all: Search, filters: ["days", "outlet", "language", "source"] },
  sql: { name: "Ask in SQL", all: Ask, filters: [] },
  watches: { name: "Watches", all: Watches, one: Watch, filters: [], oneFilters: [] },
};

export const Coverage = () => {
  const page = usePage();
  const facets = useAnswer("facets");
  const scroller = useRef(null);
  const main = useRef(null);
  const view = VIEWS[page.view];
  const place = `${page.view} ${page.subject ?? ""}`;
  useArrival(place, scroller);
  return h("div", { className: "ww", ref: scroller, "data-address": useLocation().search }, // which address this shows
    h("a", { className: "ww-skip", href: "#coverage", onClick: (event) => { event.preventDefault(); main.current?.focus(); } }, "Skip to the content"),
    h("header", { className: "ww-head" },
      h(Tabs, { here: page.view }),
      facets.data && view && h(Fragment, null, h(Facets.Provider, { value: facets.data }, h(Filters, { shown: (page.subject && view.oneFilters) || view.filters })))),
    h("main", { id: "coverage", ref: main, tabIndex: -1 },
      facets.data
        ? h(Facets.Provider, { value: facets.data }, view ? h(Guard, { key: place }, h(page.subject ? view.one : view.all, { id: page.subject })) : h(Unknown, null))
        : facets.error ? h(NotReady, { facets }) : h(Loading, null)),
    facets.data && h(Foot, { facets: facets.data }));
};

const Tabs = ({ here }) => {
  const page = usePage();
  const tabs = useRef(null);
  useEffect(() => { // on a phone the row of tabs is wider than the page
    const tab = tabs.current.querySelector("[aria-current]");
    if (tab) tabs.current.scrollLeft = tab.offsetLeft - tabs.current.offsetLeft - 40;
  }, [here]);
  return h("nav", { ref: tabs, className: "ww-tabs", "aria-label": "Views of Coverage" },
    Object.entries(VIEWS).filter(([, view]) => view.name).map(([key, view]) =>
      h(To, {
        key, view: key, "aria-current": key === here ? (page.subject ? "true" : "page") : undefined,
        own: view.one ? { [{ watches: "watch" }[key] ?? key]: null } : undefined,
      }, view.name)));
};

// After a link: the new view from its top, with the focus on its title, as a new page would have it.
const useArrival = (place, scroller) => {
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return undefined;
    before.current = place;
    scroller.current.scrollTop = 0;
    const focus = () => {
      const title = scroller.current?.querySelector("h1");
      title?.focus({ preventScroll: true });
      return Boolean(title);
    };
    if (focus()) return undefined;
    const watch = new MutationObserver(() => focus() && watch.disconnect());
    watch.observe(scroller.current, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, [place, scroller]);
};

const NotReady = ({ facets }) =>
  h(Fragment, null, h("h1", { tabIndex: -1, className: "ww-hidden" }, "Coverage"), h(Failure, { answer: facets }),
    facets.error.status === 503 && h("p", { className: "ww-hint" },
      "The DAG ingest_daily publishes a day: trigger it for a date, or run `make run`, which brings in two weeks of samples."));

const Unknown = () =>
  h(Fragment, null, h(Title, { kicker: "Coverage" }, "There is no such view"),
    h(Notice, { kind: "error" }, "The address names a view that Coverage does not have: pick one above."));

const Foot = ({ facets }) =>
  h("footer", { className: "ww-foot" },
    facets.start && `Articles of ${day(facets.start)} to ${day(facets.end)} from ${number(facets.outlets.length)} outlets`,
    facets.published_at && `; published ${day(facets.published_at)}`, ". Days and times are UTC.");
