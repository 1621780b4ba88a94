// Ask in SQL: an editor with the tables beside it; the answer as a table, as a plot, as a file. Reading only.
import { Fragment, h, useEffect, useMemo, useRef, useState } from "./react.js";
import { address, post, useAnswer } from "./api.js";
import { count, number } from "./format.js";
import { ToArticle, ToOutlet, ToSource, To, usePage } from "./links.js";
import { Answered, Empty, Loading, Notice, Panel, Title } from "./parts.js";
import { AnswerPlot } from "./answer_plot.js";
import { DataTable } from "./tables.js";
import { EXAMPLES } from "./examples.js";

const LIMIT = 500;

export const Ask = () => {
  const page = usePage();
  const run = page.value("sql");
  const [text, setText] = useState(run || EXAMPLES[0].sql);
  const [attempt, setAttempt] = useState(0);
  const editor = useRef(null);
  useEffect(() => {
    if (run) setText(run);
  }, [run]);
  const ask = () => {
    const sql = text.trim();
    if (!sql) return editor.current.focus();
    setAttempt((number) => number + 1);
    if (sql !== run) page.set({ sql, x: null, y: null, as: null });
  };
  const insert = (word) => {
    const field = editor.current;
    const [from, to] = [field.selectionStart, field.selectionEnd];
    setText(text.slice(0, from) + word + text.slice(to));
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(from + word.length, from + word.length);
    });
  };
  return h(Fragment, null,
    h(Title, { kicker: "Ask in SQL", below: "One statement that reads, on what is published. Nothing can be changed from here." }, "Ask the tables"),
    h("div", { className: "ww-ask" },
      h("div", { className: "ww-asking" },
        h(Panel, { title: "Question", aside: h(Examples, { onPick: (sql) => { setText(sql); editor.current.focus(); } }) },
          h("label", null, h("span", { className: "ww-hidden" }, "SQL"),
            h("textarea", {
              ref: editor, className: "ww-editor", value: text, rows: Math.min(18, Math.max(7, text.split("\n").length + 1)), spellCheck: false, autoCapitalize: "off", autoCorrect: "off", "aria-describedby": "ww-keys",
              onChange: (event) => setText(event.target.value),
              onKeyDown: (event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                  event.preventDefault();
                  ask();
                }
              },
            })),
          h("div", { className: "ww-buttons" },
            h("button", { type: "button", className: "ww-button ww-primary", onClick: ask }, "Run"),
            h("span", { id: "ww-keys", className: "ww-hint" }, h("kbd", null, "Ctrl"), " ", h("kbd", null, "Enter"), " runs it. The address holds the question: share it."))),
        run ? h(Answer, { key: run, sql: run, attempt }) : h(Panel, { title: "Answer" }, h(Empty, null, "Run the question, or pick an example above."))),
      h(Dictionary, { onPick: insert })));
};

const Examples = ({ onPick }) =>
  h("label", { className: "ww-inline" }, h("span", { className: "ww-hidden" }, "Examples"),
    h("select", { value: "", onChange: (event) => onPick(EXAMPLES[Number(event.target.value)].sql) },
      h("option", { value: "", disabled: true }, "Examples…"), EXAMPLES.map(({ title }, place) => h("option", { key: title, value: place }, title))));

const Answer = ({ sql, attempt }) => {
  const page = usePage();
  const [state, setState] = useState({});
  useEffect(() => {
    const stop = new AbortController();
    setState({});
    post("query", { sql, limit: LIMIT }, stop.signal).then((data) => setState({ data }), (error) => stop.signal.aborted || setState({ error }));
    return () => stop.abort();
  }, [sql, attempt]);
  const { data, error } = state;
  const as = page.value("as") || "table";
  const tab = (name, label) => h("button", { type: "button", className: "ww-button", "aria-pressed": as === name, onClick: () => page.set({ as: name }) }, label);
  return h(Panel, {
    id: "answer", title: "Answer",
    aside: data && h("div", { className: "ww-buttons" }, tab("table", "Table"), tab("plot", "Plot"),
      ["csv", "parquet"].map((format) => h("a", { key: format, className: "ww-button", download: `answer.${format}`, href: address("query", { sql, format }).href }, format === "csv" ? "CSV" : "Parquet"))),
  },
  error
    ? h(Notice, { kind: "error", title: "Not answered" }, error.message)
    : !data ? h(Loading, { what: "Asking" })
      : h(Fragment, null,
        h("p", { className: "ww-hint", role: "status" }, `${data.truncated ? `The first ${number(data.rows.length)} rows` : count(data.rows.length, "row")} in ${number(data.seconds, 2)} s. `, data.truncated && "The downloads hold more."),
        as === "plot" ? h(AnswerPlot, { data }) : h(Rows, { data })));
};

// Ids lead on to their views.
const LINKS = {
  article_id: (value) => h(ToArticle, { id: String(value), title: String(value) }),
  outlet_id: (value) => h(ToOutlet, { id: value }),
  source_id: (value) => h(ToSource, { id: value, name: value }),
  cluster_id: (value) => h(To, { view: "story", own: { story: String(value) } }, String(value)),
  capture_id: (value) => h(To, { view: "capture", own: { capture: String(value) } }, String(value)),
};
const NUMBER = /INT|DOUBLE|FLOAT|DECIMAL/;
const Rows = ({ data }) => {
  const columns = useMemo(() => data.columns.map((name, place) => {
    const link = LINKS[name];
    const isNumber = NUMBER.test(data.types?.[place] ?? "") && !data.types[place].includes("[") && !name.endsWith("_id");
    return { key: `${place}`, label: name, title: data.types?.[place], number: isNumber, digits: 4, className: "ww-value", cell: isNumber ? undefined : (row) => (row[place] === null ? h("span", { className: "ww-muted" }, "null") : link ? link(row[place]) : shown(row[place])) };
  }), [data]);
  return h(DataTable, { caption: "Answer", columns, rows: data.rows, empty: "No rows: the question is answered with nothing." });
};
const shown = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

const Dictionary = ({ onPick }) => {
  const answer = useAnswer("dictionary");
  const [words, setWords] = useState("");
  return h(Panel, { id: "dictionary", title: "The tables", hint: "Pick a name to put it into the question." },
    h("label", null, h("span", { className: "ww-hidden" }, "Find a table or column"), h("input", { type: "search", className: "ww-full", placeholder: "Find a table or column", value: words, onChange: (event) => setWords(event.target.value) })),
    h(Answered, { answer }, (data) => h(Tables, { tables: data.tables, words: words.trim().toLowerCase(), onPick })));
};

const Tables = ({ tables, words, onPick }) => {
  const fits = (text) => String(text ?? "").toLowerCase().includes(words);
  const found = tables.map((table) => ({ ...table, hits: fits(table.name) ? table.columns : table.columns.filter((column) => fits(column.name) || fits(column.description)) }))
    .filter((table) => !words || fits(table.name) || table.hits.length > 0);
  if (found.length === 0) return h(Empty, null, "No table or column is called so, or described so.");
  return h("div", { className: "ww-dictionary" }, found.map((table) =>
    h("div", { key: `${table.name} ${Boolean(words)}`, className: "ww-described" }, h("details", { open: words ? true : undefined },
      h("summary", null, h("code", null, table.name)),
      h("p", { className: "ww-hint" }, table.description),
      h("dl", null, table.hits.map((column) =>
        h("div", { key: column.name },
          h("dt", null, h("button", { type: "button", className: "ww-quote", "aria-label": `Insert ${column.name}`, onClick: () => onPick(column.name) }, h("code", null, column.name)), " ", h("span", { className: "ww-muted" }, String(column.type).toLowerCase())),
          h("dd", null, column.description))))),
    h("button", { type: "button", className: "ww-insert", "aria-label": `Insert ${table.name}`, onClick: () => onPick(table.name) }, "+"))));
};
