// What views are built of: panels, counts, states of asking. Texts from the web reach the page as React text only.
import { Component, Fragment, createContext, h, useContext } from "./react.js";
import { NONE } from "./format.js";

export const Facets = createContext(null); // which outlets, languages and days there are, and what the user may do
export const useFacets = () => useContext(Facets);

export const Notice = ({ kind = "info", title, children, action }) =>
  h("div", { className: `ww-notice ww-notice-${kind}`, role: kind === "error" ? "alert" : "status" },
    title && h("strong", null, title),
    h("p", { dir: "auto" }, children),
    action);

export const Loading = ({ what = "Loading" }) =>
  h("div", { className: "ww-loading", role: "status" }, h("span", { className: "ww-spinner", "aria-hidden": true }), `${what}…`);

// Where a refusal is a clause ("there is no source …"), it begins as a sentence does; a path stays as it is.
const sentence = (text) => text.replace(/^[a-z]/, (letter) => letter.toUpperCase());

// What is not there will not be there when asked again.
export const Failure = ({ answer }) =>
  answer.error.status === 404
    ? h(Notice, { kind: "error" }, sentence(answer.error.message))
    : h(Notice, {
      kind: "error", title: answer.error.status === 503 ? "Not ready" : "That did not work",
      action: h("button", { type: "button", className: "ww-button", onClick: answer.again }, "Try again"),
    }, sentence(answer.error.message));

// What broke while it was drawn says so in its place, and leaves the rest of the page alone.
export class Guard extends Component {
  state = {};
  static getDerivedStateFromError(error) {
    return { error };
  }
  render() {
    const { error } = this.state;
    return error ? h(Notice, { kind: "error", title: "This could not be shown" }, `Reload the page, or pick other days. (${error.message})`) : this.props.children;
  }
}

// What an answer looks like on its way, failed, and come; the old stays, dimmed, until the new is there.
// what: names what a view is about, for the title it has when there is no answer.
export const Answered = ({ answer, what, children }) =>
  answer.error
    ? h(Fragment, null, what && h(Title, { kicker: what }, answer.error.status === 404 ? "Not found" : "No answer"), h(Failure, { answer }))
    : answer.data === undefined
      ? h(Loading, null)
      : h("div", { className: answer.loading ? "ww-stale" : undefined, "aria-busy": answer.loading || undefined }, children(answer.data));

export const Panel = ({ title, hint, aside, id, wide, children }) =>
  h("section", { className: `ww-panel${wide ? " ww-wide" : ""}`, id, "aria-labelledby": id && `${id}-title` },
    h("header", { className: "ww-panel-head" },
      h("div", null, h("h2", { id: id && `${id}-title` }, title), hint && h("p", { className: "ww-hint" }, hint)),
      aside),
    h(Guard, null, children));

export const Empty = ({ children }) => h("p", { className: "ww-empty" }, children);
export const NO_DAYS = "Nothing here on these days. Pick other days, or fewer filters.";

export const Counts = ({ counts }) =>
  h("dl", { className: "ww-counts" },
    counts.map(([name, value, meaning, tone]) =>
      h("div", { key: name, title: meaning, className: tone && `ww-tone-${tone}` }, h("dt", null, name), h("dd", null, value))));

// Facts beside their names; what is not known is left out.
export const Facts = ({ facts }) => {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "" && value !== NONE);
  if (known.length === 0) return null;
  return h("dl", { className: "ww-facts" }, known.map(([name, value]) => h(Fragment, { key: name }, h("dt", null, name), h("dd", { dir: "auto" }, value))));
};

export const Badge = ({ tone = "plain", children, title }) => h("span", { className: `ww-badge ww-badge-${tone}`, title }, children);

const VERDICTS = { ok: "good", undated: "warn", "no articles": "warn", silent: "warn", losses: "bad", lost: "bad" };
export const Verdict = ({ verdict }) => h(Badge, { tone: VERDICTS[verdict] ?? "plain" }, verdict ?? "unknown");

export const Title = ({ kicker, children, below }) =>
  h("div", { className: "ww-title" },
    h("p", { className: "ww-kicker" }, kicker),
    h("h1", { tabIndex: -1, dir: "auto" }, children),
    below && h("p", { className: "ww-below" }, below));
