// Tables: named, with headed columns, scrolled by keyboard where they are wider than the page; and their pages.
import { Fragment, h, useMemo, useState } from "./react.js";
import { Empty } from "./parts.js";
import { count, number } from "./format.js";
import { usePage } from "./links.js";

const FEW = 4; // columns that a phone is wide enough for
// columns: {key, label, title?, number?: bool, cell?(row) → node, digits?, head?: bool (names the row), sort?: bool}
// most: how many rows are shown until all are asked for.
export const DataTable = ({ caption, columns, rows, rowKey, empty = "Nothing to show.", sortable = true, most = Infinity }) => {
  const [order, setOrder] = useState(null);
  const sorted = useMemo(() => (order ? [...rows].sort(by(order)) : rows), [rows, order]);
  const [shown, more] = useFirst(sorted, most);
  if (rows.length === 0) return h(Empty, null, empty);
  const table = h("div", { className: `ww-table${columns.length <= FEW ? " ww-slim" : ""}`, role: "group", "aria-label": caption, tabIndex: 0 },
    h("table", null,
      h("caption", { className: "ww-hidden" }, caption),
      h("thead", null, h("tr", null, columns.map((column) => h(Head, { key: column.key, column, order, setOrder, sortable })))),
      h("tbody", null, shown.map((row, place) =>
        h("tr", { key: rowKey ? rowKey(row) : place }, columns.map((column) => h(Cell, { key: column.key, column, row })))))));
  return h(Fragment, null, table, more);
};

// The first rows of a long list, and the button that shows all of it.
const useFirst = (rows, most) => {
  const [all, setAll] = useState(false);
  const button = rows.length > most && h("p", { className: "ww-more-link" },
    h("button", { type: "button", className: "ww-button", "aria-expanded": all, onClick: () => setAll(!all) }, `Show ${number(all ? most : rows.length)} rows`));
  return [all ? rows : rows.slice(0, most), button];
};

const by = ({ key, down }) => (one, other) => {
  const [a, b] = [one[key], other[key]];
  if (a === b) return 0;
  if (a === null || a === undefined) return 1; // the unknown stands last, whichever way
  if (b === null || b === undefined) return -1;
  const less = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
  return down ? -less : less;
};

const Head = ({ column, order, setOrder, sortable }) => {
  const mine = order?.key === column.key ? order : null;
  const turn = () => setOrder(mine ? (mine.down === Boolean(column.number) ? { ...mine, down: !mine.down } : null) : { key: column.key, down: Boolean(column.number) });
  return h("th", {
    scope: "col", title: column.title, className: column.number ? "ww-number" : undefined,
    "aria-sort": mine ? (mine.down ? "descending" : "ascending") : undefined,
  }, sortable && column.sort !== false
    ? h("button", { type: "button", onClick: turn }, column.label, h("span", { "aria-hidden": true, className: "ww-arrow" }, mine ? (mine.down ? " ↓" : " ↑") : ""))
    : column.label);
};

const Cell = ({ column, row }) => {
  const content = column.cell ? column.cell(row) : column.number ? number(row[column.key], column.digits) : String(row[column.key] ?? "");
  const options = { className: column.number ? "ww-number" : column.className, dir: column.number ? undefined : "auto" };
  return column.head ? h("th", { scope: "row", ...options }, content) : h("td", options, content);
};

// A ranking: each name with its bar. The bar is a picture of the number beside it.
export const Ranking = ({ caption, rows, name, value, label, more, rowKey, empty, part, most: first = Infinity }) => {
  const [shown, all] = useFirst(rows, first);
  if (rows.length === 0) return h(Empty, null, empty ?? "Nothing to show.");
  const most = Math.max(...rows.map((row) => Number(row[value]) || 0), 1e-9);
  const width = (amount) => ({ width: `${(100 * (Number(amount) || 0)) / most}%` });
  return h(Fragment, null, h("table", { className: "ww-ranking" },
    h("caption", { className: "ww-hidden" }, caption),
    h("thead", { className: "ww-hidden" }, h("tr", null,
      h("th", { scope: "col" }, "Name"), h("th", { scope: "col" }, label), more && h("th", { scope: "col" }, more.label))),
    h("tbody", null, shown.map((row, place) =>
      h("tr", { key: rowKey ? rowKey(row) : place },
        h("th", { scope: "row", dir: "auto" }, name(row),
          h("span", { className: "ww-bar", "aria-hidden": true },
            h("span", { style: width(row[value]) }), part && h("span", { className: "ww-bar-part", style: width(row[part]) }))),
        h("td", { className: "ww-number" }, number(row[value], Number.isInteger(row[value]) ? 0 : 2)),
        more && h("td", { className: "ww-number ww-more" }, more.cell(row)))))), all);
};

// Which stretch of a long list is shown; the place is in the URL.
export const Pager = ({ table, one, many }) => {
  const page = usePage();
  const { count: all = 0, limit = 50, offset = 0 } = table;
  const shown = table.rows?.length ?? 0;
  const turn = (to) => page.set({ offset: to > 0 ? String(to) : null });
  return h("nav", { className: "ww-pager", "aria-label": "Pages of the list" },
    h("span", { role: "status" }, all > shown ? `${number(offset + 1)}–${number(offset + shown)} of ${count(all, one, many)}` : count(all, one, many)),
    all > shown && h("span", { className: "ww-buttons" },
      h("button", { type: "button", className: "ww-button", disabled: offset <= 0, onClick: () => turn(offset - limit) }, "Previous"),
      h("button", { type: "button", className: "ww-button", disabled: offset + shown >= all, onClick: () => turn(offset + limit) }, "Next")));
};
