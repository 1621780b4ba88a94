// The filters: days, outlets, languages, sources. What they say stands in the URL.
import { h, useEffect, useId, useState } from "./react.js";
import { rowsOf, useAnswer } from "./api.js";
import { shiftedDay } from "./format.js";
import { usePage } from "./links.js";
import { useFacets } from "./parts.js";

const USUAL_DAYS = 14;
const SPANS = [["14", "Newest 14 days"], ["30", "Newest 30 days"], ["90", "Newest 90 days"], ["all", "All days"]];

// Which days an answer is about where the URL names none: the server's rule, shown in the fields. A search
// looks through all days, all else at the newest.
export const useDaysShown = () => {
  const { view, value } = usePage();
  const { start, end } = useFacets();
  const last = value("end") || end || "";
  const usual = view === "search" ? "all" : String(USUAL_DAYS);
  const first = usual === "all" ? start : last && shiftedDay(last, 1 - USUAL_DAYS);
  return { start: value("start") || first || "", end: last, first: start, last: end, usual };
};

export const Filters = ({ shown }) => {
  const page = usePage();
  return h("form", { className: "ww-filters", role: "search", "aria-label": "Filters", onSubmit: (event) => event.preventDefault() },
    shown.includes("days") && h(Days, null),
    shown.includes("outlet") && h(OutletFilter, null),
    shown.includes("language") && h(LanguageFilter, null),
    shown.includes("source") && h(SourceFilter, null),
    h(Chosen, { shown, page }));
};

const Days = () => {
  const page = usePage();
  const { start, end, first, last, usual } = useDaysShown();
  const chosen = SPANS.find(([days]) => {
    if (!page.value("start") && !page.value("end")) return days === usual;
    return last && end === last && start === (days === "all" ? first : shiftedDay(last, 1 - Number(days)));
  });
  const span = (days) =>
    page.set(days === usual ? { start: null, end: null } : { start: days === "all" ? first : shiftedDay(last, 1 - Number(days)), end: last });
  const field = (name, label, value) =>
    h("label", null, label, h("input", {
      type: "date", value: value ?? "", min: "1990-01-01",
      onChange: (event) => event.target.value && page.set({ start, end, [name]: event.target.value }),
    }));
  return h("div", { className: "ww-days" },
    field("start", "From", start), field("end", "to", end),
    h("label", null, h("span", { className: "ww-hidden" }, "Stretch of days"),
      h("select", { value: chosen?.[0] ?? "own", onChange: (event) => span(event.target.value) },
        !chosen && h("option", { value: "own" }, "Own days"),
        SPANS.map(([days, name]) => h("option", { key: days, value: days }, name)))));
};

// Adds one to the list of chosen values; the chosen stand beside it, each with a button that takes it away.
const Adding = ({ name, label, options }) => {
  const page = usePage();
  const left = options.filter(([id]) => !page.values(name).includes(id));
  return h("label", null, h("span", { className: "ww-hidden" }, `Add ${label}`),
    h("select", { value: "", disabled: left.length === 0, onChange: (event) => event.target.value && page.set({ [name]: [...page.values(name), event.target.value] }) },
      h("option", { value: "" }, page.values(name).length ? `Another ${label}…` : `Any ${label}`),
      left.map(([id, text]) => h("option", { key: id, value: id }, text))));
};

const OutletFilter = () =>
  h(Adding, { name: "outlet", label: "outlet", options: useFacets().outlets.map((outlet) => [outlet.outlet_id, outlet.name]) });
const LanguageFilter = () =>
  h(Adding, { name: "language", label: "language", options: useFacets().languages.map(({ language }) => [language, languageName(language)]) });

const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
export const languageName = (code) => {
  try {
    return code ? LANGUAGES.of(code) : "unknown";
  } catch {
    return code;
  }
};

// Sources are too many for a list: the ones whose names hold the typed words are offered.
const SourceFilter = () => {
  const page = usePage();
  const list = useId();
  const [text, setText] = useState("");
  const [words, setWords] = useState("");
  useEffect(() => {
    const wait = setTimeout(() => setWords(text.trim()), 250);
    return () => clearTimeout(wait);
  }, [text]);
  const found = rowsOf(useAnswer(words.length > 1 ? "sources" : null, { words, limit: 12, start: page.value("start"), end: page.value("end") }).data);
  const typed = (value) => {
    const hit = found.find((source) => source.source_name === value);
    setText(hit ? "" : value);
    if (hit) page.set({ source: [...new Set([...page.values("source"), hit.source_key])] });
  };
  const entered = (event) => {
    if (event.key !== "Enter" || found.length === 0) return;
    event.preventDefault();
    typed(found[0].source_name);
  };
  return h("label", null, h("span", { className: "ww-hidden" }, "Add source"),
    h("input", { type: "search", placeholder: "Any source", list, value: text, size: 14, autoComplete: "off", onChange: (event) => typed(event.target.value), onKeyDown: entered }),
    h("datalist", { id: list }, found.map((source) => h("option", { key: source.source_key, value: source.source_name }))));
};

const Chosen = ({ shown, page }) => {
  const { outlets } = useFacets();
  const named = {
    outlet: (id) => outlets.find((outlet) => outlet.outlet_id === id)?.name ?? id,
    language: languageName,
    source: (key) => (key.startsWith("name:") ? key.slice(5) : key.replaceAll("-", " ")),
  };
  const chips = ["outlet", "language", "source"].filter((name) => shown.includes(name)).flatMap((name) => page.values(name).map((value) => [name, value]));
  if (chips.length === 0) return null;
  return h("ul", { className: "ww-chips", "aria-label": "Chosen filters" },
    chips.map(([name, value]) =>
      h("li", { key: `${name} ${value}` },
        h("span", { className: "ww-chip-name" }, name), h("span", { dir: "auto" }, named[name](value)),
        h("button", {
          type: "button", "aria-label": `Remove ${name} ${named[name](value)}`,
          onClick: () => page.set({ [name]: page.values(name).filter((other) => other !== value) }),
        }, "×"))),
    chips.length > 1 && h("li", { className: "ww-chip-clear" },
      h("button", { type: "button", onClick: () => page.set({ outlet: null, language: null, source: null }) }, "Clear all")));
};
