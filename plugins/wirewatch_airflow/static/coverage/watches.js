// Watches: what is looked out for, what was reported, and whether its channels work.
import { Fragment, h, useState } from "./react.js";
import { part, post, rowsOf, useAnswer } from "./api.js";
import { NONE, day, instant } from "./format.js";
import { To, ToArticle } from "./links.js";
import { Answered, Empty, Facts, Notice, Panel, Title, useFacets } from "./parts.js";
import { DataTable } from "./tables.js";

const ToWatch = ({ id, title }) => h(To, { view: "watches", own: { watch: id } }, title || id);
const joined = (value) => (value === true ? "yes" : value === false ? "no" : Array.isArray(value) ? value.join(", ") : value && typeof value === "object" ? Object.entries(value).map(([name, one]) => `${name}: ${joined(one)}`).join("; ") : String(value ?? ""));

export const Watches = () => {
  const answer = useAnswer("watches");
  return h(Fragment, null,
    h(Title, { kicker: "Watches", below: "What is looked out for after each publish, and reported by mail or message." }, "What is watched"),
    h(Answered, { answer }, (data) => h(Panel, { title: "Watches" },
      data.rows.length === 0
        ? h(Empty, null, "Nothing is watched yet. A watch is one file in catalog/watches/; docs/watches.md shows how to write one.")
        : h(DataTable, {
          caption: "Watches", rows: rowsOf(data), rowKey: (row) => row.watch_id,
          columns: [
            { key: "title", label: "Watch", head: true, cell: (row) => h(ToWatch, { id: row.watch_id, title: row.title }) },
            { key: "kind", label: "About", cell: (row) => joined(row.kind).replaceAll("_", " ") },
            { key: "threshold", label: "When", cell: (row) => joined(row.threshold) }, { key: "deliver", label: "Tells", cell: (row) => joined(row.deliver) || h("span", { className: "ww-muted" }, "no channel yet") },
            { key: "alerts", label: "Alerts", number: true }, { key: "last_alert_at", label: "Last", cell: (row) => instant(row.last_alert_at), className: "ww-nowrap" }],
        }))));
};

export const Watch = ({ id }) => {
  const { may_act: mayAct } = useFacets();
  const answer = useAnswer(`watches/${part(id)}`);
  return h(Answered, { answer, what: "Watch" }, ({ watch, alerts }) =>
    h(Fragment, null,
      h(Title, { kicker: ["Watch", watch.kind && ` · ${joined(watch.kind).replaceAll("_", " ")}`] }, watch.title || id),
      h("div", { className: "ww-grid" },
        h(Panel, { id: "definition", wide: true, title: "What it looks out for", hint: `catalog/watches/${id}.toml`, aside: mayAct && h(Test, { id }) },
          h(Facts, { facts: Object.entries(watch).filter(([name, value]) => name !== "title" && (!Array.isArray(value) || value.length > 0)).map(([name, value]) => [name.replaceAll("_", " "), joined(value)]) })),
        h(Panel, { id: "alerts", wide: true, title: "Alerts", hint: "Newest first, each with the article it rests on." },
          h(DataTable, {
            caption: "Alerts", rows: rowsOf(alerts), rowKey: (row) => row.alert_id, empty: "It has reported nothing so far.",
            columns: [
              { key: "day", label: "Day", cell: (row) => day(row.day), className: "ww-nowrap" }, { key: "reason", label: "Why", head: true }, { key: "value", label: "Value", number: true, digits: 2 }, { key: "usual", label: "Usual", number: true, digits: 2 },
              { key: "evidence_article_id", label: "Evidence", sort: false, cell: (row) => (row.evidence_article_id ? h(ToArticle, { id: row.evidence_article_id, title: "the article" }) : "") },
              { key: "delivered", label: "Delivered", cell: (row) => joined(row.delivered) || NONE }, { key: "at", label: "Found", cell: (row) => instant(row.at), className: "ww-nowrap" }],
          })))));
};

const Test = ({ id }) => {
  const [state, setState] = useState({});
  const send = () => {
    setState({ busy: true });
    post(`watches/${part(id)}/test`).then((done) => setState({ done }), (error) => setState({ error }));
  };
  const { busy, done, error } = state;
  return h("div", { className: "ww-test" },
    h("button", { type: "button", className: "ww-button", disabled: busy, onClick: send }, busy ? "Sending…" : "Send a test alert"),
    error && h(Notice, { kind: "error" }, error.message),
    done && h(Notice, { kind: done.failed.length ? "error" : "info" },
      [done.delivered.length > 0 && `Delivered to ${joined(done.delivered)}.`, done.failed.length > 0 && `Failed: ${joined(done.failed)}.`, done.delivered.length + done.failed.length === 0 && "This watch delivers to no channel: name one in its file."].filter(Boolean).join(" ")));
};
