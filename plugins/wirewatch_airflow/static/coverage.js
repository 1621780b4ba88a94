// The Coverage page: what was collected, who is cited, who published. React without a bundler: the Airflow UI
// hands its libraries over on globalThis. Texts from the web reach the page as React text nodes only, and
// plots only through inert().
(() => {
  "use strict";
  const { createElement: h, useEffect, useMemo, useRef, useState } = globalThis.React;
  const { useSearchParams } = globalThis.ReactRouterDOM;
  const { Alert, Box, Button, Flex, Grid, Heading, Input, Spinner, Text } = globalThis.ChakraUI;

  const BASE = "wirewatch/";
  const TOP = 12;
  // Told apart on light and on dark ground.
  const COLOURS = ["#3d84c6", "#dd6b20", "#38a169", "#d53f8c", "#805ad5", "#b7791f", "#0c9fb8", "#e53e3e"];
  const COUNTS = [
    ["found", "Found", "URLs in the outlets' feeds"],
    ["new", "New", "pages fetched and archived"],
    ["articles", "Articles", "extracted records"],
    ["rejected", "Rejects", "pages that are no articles, each with a reason"],
    ["gaps", "Gaps", "known to be missing"],
  ];

  // Plotly reads a little HTML in its labels (<a href>, <b>, <br>): entities show it as text instead.
  const inert = (text) =>
    String(text ?? "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const isNarrow = () => globalThis.innerWidth < 640;
  const short = (text, length = isNarrow() ? 18 : 34) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
  const number = (value) => Number(value ?? 0).toLocaleString("en");

  const get = async (path, params, signal) => {
    const url = new URL(BASE + path, document.baseURI);
    for (const [name, value] of Object.entries(params)) if (value) url.searchParams.set(name, value);
    const response = await fetch(url, { credentials: "same-origin", signal });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      const detail = typeof answer.detail === "string" ? answer.detail : `the server answered ${response.status}`;
      throw new Error(response.status === 401 ? "You are logged out: reload the page to log in." : detail);
    }
    return answer;
  };

  // A trend's rows as objects, with the state of asking for them.
  const useTrend = (name, params) => {
    const [state, setState] = useState({ loading: true });
    const asked = JSON.stringify(params);
    useEffect(() => {
      const stop = new AbortController();
      setState({ loading: true });
      get(`api/trends/${name}`, JSON.parse(asked), stop.signal).then(
        ({ columns, rows }) =>
          setState({ rows: rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]]))) }),
        (error) => stop.signal.aborted || setState({ error: error.message }),
      );
      return () => stop.abort();
    }, [name, asked]);
    return state;
  };

  let plotly = null; // one load for all plots
  const loadPlotly = () =>
    (plotly ??= new Promise((resolve, reject) => {
      if (globalThis.Plotly) return resolve(globalThis.Plotly);
      const script = document.createElement("script");
      script.src = new URL(`${BASE}static/plotly.min.js`, document.baseURI).href;
      script.onload = () => resolve(globalThis.Plotly);
      script.onerror = () => {
        plotly = null;
        reject(new Error("The plotting library did not load: reload the page."));
      };
      document.head.append(script);
    }));

  const isDark = () => document.documentElement.classList.contains("dark");
  const useDark = () => {
    const [dark, setDark] = useState(isDark());
    useEffect(() => {
      const watch = new MutationObserver(() => setDark(isDark()));
      watch.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
      return () => watch.disconnect();
    }, []);
    return dark;
  };

  const Plot = ({ traces, layout, height = 320, label }) => {
    const box = useRef(null);
    const dark = useDark();
    const [error, setError] = useState(null);
    const [drawn, setDrawn] = useState(false);
    useEffect(() => {
      let gone = false;
      const ink = dark ? "#cbd5e0" : "#2d3748";
      const lines = { gridcolor: dark ? "#2d3748" : "#e2e8f0", zeroline: false, automargin: true, fixedrange: true };
      const whole = {
        height,
        margin: { l: 8, r: 8, t: 8, b: 8 },
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { color: ink, family: "inherit", size: 12 },
        colorway: COLOURS,
        hoverlabel: { bgcolor: dark ? "#1a202c" : "#ffffff", font: { color: ink } },
        legend: { orientation: "h", y: -0.22, x: 0 },
        ...layout,
        xaxis: { ...lines, ...layout?.xaxis },
        yaxis: { ...lines, ...layout?.yaxis },
      };
      loadPlotly().then(
        (library) => {
          if (gone) return;
          library.react(box.current, traces, whole, { displayModeBar: false, responsive: true });
          setDrawn(true);
        },
        (problem) => gone || setError(problem.message),
      );
      return () => {
        gone = true;
      };
    }, [traces, layout, height, dark]);
    useEffect(() => {
      const element = box.current;
      const watch = new ResizeObserver(() => globalThis.Plotly && element?.data && globalThis.Plotly.Plots.resize(element));
      watch.observe(element);
      return () => {
        watch.disconnect();
        globalThis.Plotly?.purge(element);
      };
    }, []);
    return h(Box, { role: "img", "aria-label": label, minW: 0 }, 
      error ? h(Notice, { status: "error", text: error }) : !drawn && h(Loading, null),
      h("div", { ref: box, style: { width: "100%", minHeight: height } }));
  };

  const Notice = ({ status, text }) =>
    h(Alert.Root, { status, my: 2 }, h(Alert.Indicator), h(Alert.Content, null, h(Alert.Description, null, text)));

  const Loading = () =>
    h(Flex, { align: "center", gap: 2, py: 8, role: "status" }, h(Spinner, { size: "sm" }), "Loading…");

  const Panel = ({ title, question, state, empty, children }) =>
    h(Box, { as: "section", borderWidth: "1px", borderRadius: "md", p: 4, minW: 0, bg: "bg.panel" },
      h(Heading, { as: "h2", size: "md" }, title),
      h(Text, { color: "fg.muted", fontSize: "sm", mb: 2 }, question),
      state.loading
        ? h(Loading, null)
        : state.error
          ? h(Notice, { status: "error", text: state.error })
          : state.rows.length === 0
            ? h(Notice, { status: "info", text: empty })
            : children(state.rows));

  const Totals = ({ rows }) =>
    h(Grid, { templateColumns: "repeat(auto-fit, minmax(7.5rem, 1fr))", gap: 3 },
      COUNTS.map(([key, name, meaning]) => {
        const total = rows.reduce((sum, row) => sum + Number(row[key] ?? 0), 0);
        return h(Box, { key, title: meaning },
          h(Text, { fontSize: "2xl", fontWeight: "semibold", color: key === "gaps" && total ? "fg.error" : undefined }, number(total)),
          h(Text, { fontSize: "sm", color: "fg.muted" }, name));
      }));

  const DAY_LAYOUT = { barmode: "group", xaxis: { type: "date", tickformat: "%-d %b" }, yaxis: { rangemode: "tozero" } };
  const Days = ({ rows }) => {
    const traces = useMemo(() => COUNTS.slice(1).map(([key, name], i) => ({
      type: "bar", name, x: rows.map((row) => row.day), y: rows.map((row) => row[key]),
      marker: { color: ["#3d84c6", "#38a169", "#b7791f", "#e53e3e"][i] },
      hovertemplate: `%{x|%-d %b %Y}: %{y} ${name.toLowerCase()}<extra></extra>`,
    })), [rows]);
    return h(Box, null, h(Totals, { rows }), h(Plot, { traces, layout: DAY_LAYOUT, label: "New pages, articles, rejects and gaps by day" }));
  };

  const Bars = ({ rows, name, value, unit, label }) => {
    const [traces, layout] = useMemo(() => {
      const shown = rows.slice(0, TOP).reverse();
      const names = shown.map((row) => String(row[name] ?? "unnamed"));
      return [
        [{
          type: "bar", orientation: "h", x: shown.map((row) => row[value]), y: shown.map((_, i) => i),
          customdata: names.map(inert), marker: { color: "#3d84c6" },
          hovertemplate: `%{customdata}: %{x} ${unit}<extra></extra>`,
        }],
        { yaxis: { tickvals: shown.map((_, i) => i), ticktext: names.map((text) => inert(short(text))) }, xaxis: { rangemode: "tozero" } },
      ];
    }, [rows, name, value, unit]);
    return h(Plot, { traces, layout, label, height: 60 + 26 * Math.min(rows.length, TOP) });
  };

  const LINE_LAYOUT = { xaxis: { type: "date", tickformat: "%-d %b" }, yaxis: { rangemode: "tozero", title: { text: "attributions" } } };
  const Lines = ({ rows }) => {
    const traces = useMemo(() => {
      const bySource = new Map();
      for (const row of rows) {
        const key = row.source;
        if (!bySource.has(key)) bySource.set(key, { name: row.source, total: 0, points: new Map() });
        const source = bySource.get(key);
        source.total += Number(row.attributions);
        source.points.set(row.day, Number(row.attributions));
      }
      const days = [...new Set(rows.map((row) => row.day))].sort();
      return [...bySource.values()].sort((a, b) => b.total - a.total).slice(0, 6).map((source) => ({
        type: "scatter", mode: "lines+markers", name: inert(short(String(source.name ?? "unnamed"), 28)),
        x: days, y: days.map((day) => source.points.get(day) ?? 0),
        customdata: days.map(() => inert(source.name)),
        hovertemplate: "%{customdata}, %{x|%-d %b}: %{y}<extra></extra>",
      }));
    }, [rows]);
    return h(Plot, { traces, layout: LINE_LAYOUT, height: 380, label: "Attributions a day of the most cited sources" });
  };

  const Table = ({ rows }) =>
    h(Box, { overflowX: "auto" },
      h("table", { style: { width: "100%", borderCollapse: "collapse", fontSize: isNarrow() ? "0.75rem" : "0.875rem" } },
        h("thead", null, h("tr", null, h("th", { scope: "col", style: { textAlign: "left" } }, "Day"),
          COUNTS.map(([key, name, meaning]) => h("th", { key, scope: "col", title: meaning, style: { textAlign: "right", padding: "0.25rem 0 0.25rem 0.3rem" } }, name)))),
        h("tbody", null, [...rows].reverse().map((row) =>
          h("tr", { key: row.day }, h("th", { scope: "row", style: { textAlign: "left", fontWeight: "normal", whiteSpace: "nowrap" } }, isNarrow() ? row.day.slice(5) : row.day),
            COUNTS.map(([key]) => h("td", { key, style: { textAlign: "right", padding: "0.25rem 0 0.25rem 0.3rem" } },
              h(Text, { as: "span", color: key === "gaps" && row[key] ? "fg.error" : undefined }, number(row[key])))))))));

  const Field = ({ label, value, onChange }) =>
    h("label", null, h(Text, { as: "span", fontSize: "sm", color: "fg.muted", mr: 2 }, label),
      h(Input, { type: "date", size: "sm", width: "auto", value, onChange: (event) => onChange(event.target.value) }));

  const NOTHING = "Nothing is published for these days. Run the DAG ingest_daily for one of them, or pick other days.";

  const Coverage = () => {
    const [search, setSearch] = useSearchParams();
    const window_ = { start: search.get("start") ?? "", end: search.get("end") ?? "" };
    const pick = (name) => (value) => {
      const next = new URLSearchParams(search);
      if (value) next.set(name, value);
      else next.delete(name);
      setSearch(next, { replace: true });
    };
    const collecting = useTrend("collecting", window_);
    const sources = useTrend("share_of_voice", { ...window_, identified: "true", top: String(TOP) });
    const outlets = useTrend("outlet_output", window_);
    const attention = useTrend("attention", { ...window_, top: "6" });
    const wide = { base: "minmax(0, 1fr)", lg: "repeat(2, minmax(0, 1fr))" };
    return h(Box, { p: { base: 2, md: 6 }, maxW: "90rem", mx: "auto", overflowY: "auto", height: "100%" },
      h(Flex, { justify: "space-between", align: "end", wrap: "wrap", gap: 3, mb: 4 },
        h(Box, null, h(Heading, { as: "h1", size: "xl" }, "Coverage"),
          h(Text, { color: "fg.muted" }, "What was collected, who is cited, and by whom. Days are in UTC.")),
        h(Flex, { gap: 3, wrap: "wrap", align: "center" },
          h(Field, { label: "From", value: window_.start, onChange: pick("start") }),
          h(Field, { label: "to", value: window_.end, onChange: pick("end") }),
          h(Button, { size: "sm", variant: "outline", onClick: () => setSearch({}, { replace: true }) }, "Last 14 days"))),
      h(Grid, { templateColumns: "minmax(0, 1fr)", gap: 4 },
        h(Panel, { title: "Collected", question: "What did each day of collecting find, keep, refuse and lose?", state: collecting, empty: NOTHING },
          (rows) => h(Days, { rows })),
        h(Grid, { templateColumns: wide, gap: 4 },
          h(Panel, { title: "Top sources", question: "Whom do articles cite most?", state: sources, empty: NOTHING },
            (rows) => h(Bars, { rows, name: "source", value: "attributions", unit: "attributions", label: "Most cited sources" })),
          h(Panel, { title: "Top outlets", question: "Who published most?", state: outlets, empty: NOTHING },
            (rows) => h(Bars, { rows, name: "outlet", value: "articles", unit: "articles", label: "Outlets by articles" }))),
        h(Panel, { title: "Attention over time", question: "How often was each of the most cited sources cited a day?", state: attention, empty: NOTHING },
          (rows) => h(Lines, { rows })),
        h(Panel, { title: "Days", question: "The same counts as numbers, newest first.", state: collecting, empty: NOTHING },
          (rows) => h(Table, { rows }))));
  };

  globalThis.Coverage = Coverage;
  globalThis.AirflowPlugin = Coverage;
})();
