// All state is in the URL: which view, of what, under which filters. So back, forward and sharing work.
import { Link, h, useMemo, useSearchParams } from "./react.js";

export const FILTERS = ["start", "end", "outlet", "language", "source"];
// What a view is about, where it is about one thing.
export const SUBJECTS = {
  source: "source", outlet: "outlet", story: "story", article: "article", capture: "capture", watches: "watch",
};

const listed = (value) => (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== null && one !== "");

// The search part of another view's address: the filters stay, except one that is what this view is about.
const address = (search, view, own) => {
  const here = SUBJECTS[search.get("view")];
  const next = new URLSearchParams(view === "overview" ? {} : { view });
  for (const name of FILTERS)
    if (!(name in own) && name !== here) for (const value of search.getAll(name)) next.append(name, value);
  for (const [name, value] of Object.entries(own)) for (const one of listed(value)) next.append(name, one);
  return `?${next}`;
};

export const usePage = () => {
  const [search, setSearch] = useSearchParams();
  return useMemo(() => {
    const view = search.get("view") || "overview";
    const about = SUBJECTS[view];
    const filters = Object.fromEntries(FILTERS.filter((name) => name !== about).map((name) => [name, search.getAll(name)]));
    return {
      view,
      subject: about ? search.get(about) : null,
      filters,
      value: (name) => search.get(name) ?? "",
      values: (name) => search.getAll(name),
      href: (to, own = {}) => address(search, to, own),
      // Other values of this view's own parameters; a page number does not outlive what it counted.
      set: (changes, { replace = false } = {}) => {
        const next = new URLSearchParams(search);
        for (const [name, value] of Object.entries({ offset: null, ...changes })) {
          next.delete(name);
          for (const one of listed(value)) next.append(name, one);
        }
        setSearch(next, { replace });
      },
      open: (to, own = {}) => setSearch(new URLSearchParams(address(search, to, own))),
    };
  }, [search, setSearch]);
};

// A link to another view.
export const To = ({ view, own, children, ...rest }) => {
  const page = usePage();
  return h(Link, { ...rest, to: { search: page.href(view, own) } }, children);
};

export const ToSource = ({ id, name, ...rest }) =>
  id ? h(To, { view: "source", own: { source: id }, ...rest }, name ?? "unnamed") : h("span", rest, name ?? "unnamed");
export const ToOutlet = ({ id, name, own, ...rest }) => h(To, { view: "outlet", own: { outlet: id, ...own }, ...rest }, name ?? id);
export const ToArticle = ({ id, title, attribution, ...rest }) =>
  h(To, { view: "article", own: { article: id, attribution }, dir: "auto", ...rest }, title || "untitled");

// A link out, where it is one that a browser opens as a page; else its text.
export const Outward = ({ url, children }) => {
  const safe = /^https?:\/\//i.test(url ?? "") && URL.canParse(url);
  const text = children ?? url ?? "";
  return safe
    ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer", className: "ww-outward" }, text)
    : h("span", null, text);
};
