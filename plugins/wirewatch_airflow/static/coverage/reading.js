// The text of an article with its sources, cues and contents marked. Pointing at a mark, or focusing it, shows
// who said it; choosing it keeps it in the URL.
import { h, useEffect, useMemo, useRef, useState } from "./react.js";
import { usePage } from "./links.js";
import { Kind } from "./statement.js";
import { depths, paragraphs } from "./spans.js";

export const said = (one) => one.source_name || one.source_surface || "nobody named";

export const Reading = ({ body, attributions, chosen }) => {
  const page = usePage();
  const [pointed, setPointed] = useState(null); // {id, left, top}
  const text = useRef(null);
  const byId = useMemo(() => new Map(attributions.map((one) => [one.attribution_id, one])), [attributions]);
  const laid = useMemo(() => paragraphs(body, attributions), [body, attributions]);
  useEffect(() => {
    const place = chosen && text.current?.querySelector(`[data-begins~="${CSS.escape(chosen)}"]`);
    place?.scrollIntoView({ block: "center" });
  }, [chosen, laid]);
  const point = (event, id) => {
    const [around, mark] = [text.current.getBoundingClientRect(), event.currentTarget.getClientRects()[0]];
    setPointed({ id, left: Math.max(0, Math.min(mark.left - around.left, around.width - 260)), top: mark.bottom - around.top + 4 });
  };
  const choose = (id) => page.set({ attribution: id }, { replace: true });
  return h("div", { className: "ww-reading", ref: text, dir: "auto", onKeyDown: (event) => event.key === "Escape" && setPointed(null), onMouseLeave: () => setPointed(null) },
    laid.map((pieces, number) =>
      h("p", { key: number }, pieces.map((piece) => h(Piece, { key: piece.start, piece, chosen, pointed: pointed?.id, point, leave: () => setPointed(null), choose })))),
    pointed && h(Balloon, { at: pointed, one: byId.get(pointed.id), around: byId.get(byId.get(pointed.id).inside_id) }));
};

const Piece = ({ piece, chosen, pointed, point, leave, choose }) => {
  if (piece.marks.length === 0) return piece.text;
  const { id } = piece.marks[0];
  const contents = piece.marks.filter((mark) => mark.role === "content");
  const names = [
    ...new Set(piece.marks.filter((mark) => mark.role !== "content").map((mark) => `ww-${mark.role}`)),
    contents.length && `ww-content ww-depth-${Math.min(2, Math.max(...contents.map((mark) => mark.depth)))}`,
    piece.marks.some((mark) => mark.id === chosen) && "ww-chosen", piece.marks.some((mark) => mark.id === pointed) && "ww-pointed",
  ].filter(Boolean).join(" ");
  const begins = piece.first.length > 0;
  const own = piece.first.includes(id) ? id : piece.first[0] ?? id;
  return h("span", {
    className: names, "data-begins": begins ? piece.first.join(" ") : undefined,
    onMouseEnter: (event) => point(event, id), onClick: () => choose(id),
    ...(begins && {
      tabIndex: 0, role: "button", "aria-pressed": own === chosen, "aria-describedby": `ww-said-${own}`,
      onFocus: (event) => event.currentTarget.matches(":focus-visible") && point(event, own), onBlur: leave,
      onKeyDown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(own);
      },
    }),
  }, piece.text);
};

const Balloon = ({ at, one, around }) =>
  h("span", { className: "ww-balloon", style: { left: `${at.left}px`, top: `${at.top}px` }, "aria-hidden": true },
    h("strong", null, said(one)), " ", one.cue && h("span", { className: "ww-cue" }, one.cue), " ", h(Kind, { kind: one.kind }),
    one.via && h("span", null, ` via ${one.via}`), around && h("span", { className: "ww-balloon-around" }, `as told by ${said(around)}`));

export const Key = () =>
  h("p", { className: "ww-key", "aria-label": "How the text is marked" },
    h("span", { className: "ww-source" }, "source"), h("span", { className: "ww-cue" }, "reporting words"),
    h("span", { className: "ww-content ww-depth-0" }, "what is said"), h("span", { className: "ww-content ww-depth-1" }, "said within what is said"));

// The same, one below the other: for whoever reads the list rather than the text.
export const SaidList = ({ attributions, chosen, links }) => {
  const deep = useMemo(() => depths(attributions), [attributions]);
  const page = usePage();
  const list = useRef(null);
  useEffect(() => {
    const item = chosen && list.current?.querySelector('[aria-current="true"]');
    if (item) list.current.scrollTop += item.getBoundingClientRect().top - list.current.getBoundingClientRect().top - 40;
  }, [chosen]);
  return h("ol", { className: "ww-said", ref: list }, attributions.map((one) =>
    h("li", { key: one.attribution_id, "aria-current": one.attribution_id === chosen ? "true" : undefined, style: { marginInlineStart: `${deep.get(one.attribution_id) * 0.9}rem` } },
      h("div", { id: `ww-said-${one.attribution_id}` }, links(one), " ", one.cue && h("span", { className: "ww-cue" }, one.cue), " ", h(Kind, { kind: one.kind }), one.via && ` via ${one.via}`),
      h("button", { type: "button", dir: "auto", className: "ww-quote", onClick: () => page.set({ attribution: one.attribution_id }, { replace: true }) }, one.content || "shown in the text"))));
};
