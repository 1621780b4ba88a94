// Which piece of a body belongs to which attributions? Offsets count Unicode code points, as the pipeline's do,
// not the UTF-16 units that JavaScript's strings are made of. No DOM here: text in, pieces out.

const ROLES = [["source", "source_spans"], ["cue", "cue_spans"], ["content", "content_spans"]];

// How deep each attribution stands inside others: 0 stands in the article itself.
export const depths = (attributions) => {
  const byId = new Map(attributions.map((one) => [one.attribution_id, one]));
  const depth = (one, seen = new Set()) => {
    const around = byId.get(one.inside_id);
    if (!around || seen.has(one.attribution_id)) return 0;
    return 1 + depth(around, seen.add(one.attribution_id));
  };
  return new Map(attributions.map((one) => [one.attribution_id, depth(one)]));
};

// Paragraphs of pieces {text, marks: [{id, role, depth}], first: [ids that begin here]}; marks most specific first.
export const paragraphs = (body, attributions) => {
  const points = Array.from(body);
  const deep = depths(attributions);
  const spans = attributions.flatMap((one) =>
    ROLES.flatMap(([role, key]) =>
      (one[key] ?? []).map(([start, end]) => ({ start, end, role, id: one.attribution_id, depth: deep.get(one.attribution_id) }))));
  const breaks = breaksOf(points);
  const cuts = [...new Set([0, points.length, ...spans.flatMap(({ start, end }) => [start, end]), ...breaks.flat()])]
    .filter((cut) => cut >= 0 && cut <= points.length)
    .sort((one, other) => one - other);
  const begun = new Set();
  const found = [[]];
  cuts.slice(0, -1).forEach((start, place) => {
    const end = cuts[place + 1];
    if (breaks.some(([from, to]) => from <= start && end <= to)) {
      if (found.at(-1).length > 0) found.push([]);
      return;
    }
    const marks = spans.filter((span) => span.start <= start && end <= span.end).map(({ id, role, depth }) => ({ id, role, depth })).sort(specific);
    const first = [...new Set(marks.map(({ id }) => id))].filter((id) => !begun.has(id));
    for (const id of first) begun.add(id);
    found.at(-1).push({ text: points.slice(start, end).join(""), start, marks, first });
  });
  return found.filter((pieces) => pieces.length > 0);
};

// Sources and cues before contents, the deeper before what is around them.
const specific = (one, other) => (one.role === "content") - (other.role === "content") || other.depth - one.depth;

// Runs of two and more newlines.
const breaksOf = (points) => {
  const runs = [];
  for (let place = 0; place < points.length; place += 1) {
    if (points[place] !== "\n") continue;
    let end = place;
    while (points[end] === "\n") end += 1;
    if (end - place > 1) runs.push([place, end]);
    place = end;
  }
  return runs;
};

// A stretch of text with some of it marked: [[text, isMarked], …]; offsets in code points, counted from `from`.
export const marked = (text, spans, from = 0) => {
  const points = Array.from(text);
  const pieces = [];
  let at = 0;
  for (const [start, end] of [...spans].sort(([one], [other]) => one - other)) {
    const [low, high] = [Math.max(start - from, at), Math.min(end - from, points.length)];
    if (high <= low) continue;
    pieces.push([points.slice(at, low).join(""), false], [points.slice(low, high).join(""), true]);
    at = high;
  }
  return [...pieces, [points.slice(at).join(""), false]].filter(([piece]) => piece);
};
