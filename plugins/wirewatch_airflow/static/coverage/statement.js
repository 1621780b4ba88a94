// A statement as a reader meets it: who, by which words, what; where it was printed; and one click to its evidence.
import { h } from "./react.js";
import { instant, percent } from "./format.js";
import { ToArticle, ToOutlet } from "./links.js";
import { Badge } from "./parts.js";

const KINDS = { direct: "in quotation marks", mixed: "partly in quotation marks", indirect: "in the outlet's words" };
export const Kind = ({ kind }) => h(Badge, { tone: kind, title: KINDS[kind] }, kind);

export const Statement = ({ row }) =>
  h("li", { className: "ww-statement" },
    h("p", { className: "ww-statement-head" },
      h("span", { className: "ww-nowrap" }, instant(row.published_at)), h(ToOutlet, { id: row.outlet_id, name: row.outlet }),
      h(Kind, { kind: row.kind }), row.via && h("span", null, "via ", row.via)),
    h("blockquote", { dir: "auto" },
      row.source_surface && h("span", { className: "ww-source" }, row.source_surface), " ",
      row.cue && h("span", { className: "ww-cue" }, row.cue), " ",
      h("span", { className: "ww-content" }, row.content)),
    h("p", { className: "ww-statement-foot" },
      h(ToArticle, { id: row.article_id, title: row.title, attribution: row.attribution_id }),
      h("span", { title: "how sure the engine is" }, `confidence ${percent(row.confidence)}`),
      row.sentence && h("details", null, h("summary", null, "the sentence"), h("p", { dir: "auto" }, row.sentence))));
