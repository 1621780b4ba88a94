// Capture: one archived response: when it was fetched, what it is, where it lies, and what was made of it.
import { Fragment, h } from "./react.js";
import { address, part, useAnswer } from "./api.js";
import { instant, number } from "./format.js";
import { Outward, ToArticle, ToOutlet } from "./links.js";
import { Answered, Empty, Facts, Panel, Title, useFacets } from "./parts.js";

export const Capture = ({ id }) => {
  const { outlets } = useFacets();
  const answer = useAnswer(`captures/${part(id)}`);
  return h(Answered, { answer, what: "Capture" }, ({ capture, articles }) =>
    h(Fragment, null,
      h(Title, { kicker: ["Capture", capture.kind && ` of a ${capture.kind}`] }, instant(capture.fetched_at)),
      h("div", { className: "ww-grid" },
        h(Panel, { id: "capture", wide: true, title: "The archived response", aside: h("a", { className: "ww-button", href: address(`captures/${part(id)}/page`).href, download: "" }, "Download the page") },
          h(Facts, { facts: [
            ["Asked for", h(Outward, { url: capture.url })], ["Answered by", capture.final_url !== capture.url && h(Outward, { url: capture.final_url })],
            ["Outlet", h(ToOutlet, { id: capture.outlet_id, name: outlets.find((one) => one.outlet_id === capture.outlet_id)?.name })], ["Fetched", `${instant(capture.fetched_at)} UTC`], ["HTTP status", capture.status], ["Type", capture.content_type],
            ["Digest of the body", h("code", null, capture.digest)], ["Archive file", h("code", null, capture.warc_file)], ["Record starts at byte", number(capture.warc_offset)],
          ] }),
          h("p", { className: "ww-hint" }, "The page is downloaded as plain text: nothing of it runs. The digest says whether it is the one that was fetched.")),
        h(Panel, { id: "made-of-it", wide: true, title: "Articles of this address", hint: "One for each text that the page had." },
          articles.length === 0
            ? h(Empty, null, "No article: the page was refused, or its text was known already.")
            : h("ul", { className: "ww-list" }, articles.map((article) => h("li", { key: article.article_id }, h(ToArticle, { id: article.article_id, title: article.title }))))))));
};
