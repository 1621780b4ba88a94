-- title:    An article's attributions
-- question: Who says what in the article, by which words?
-- grain:    a row an attribution, in the article's order
-- params:   article_id integer, day date
-- reads:    attributions, sources
-- method:   Spans are parts, as [start, end], of the article's body in characters.
select
    attributions.attribution_id,
    attributions.ordinal,
    source_key(attributions.source_id, attributions.source_name) as source_key,
    coalesce(sources.name, attributions.source_name) as source_name,
    attributions.source_surface,
    attributions.source_kind,
    attributions.via,
    attributions.cue,
    attributions.content,
    attributions.kind,
    coalesce(attributions.source_spans, []) as source_spans,
    coalesce(attributions.cue_spans, []) as cue_spans,
    coalesce(attributions.content_spans, []) as content_spans,
    attributions.inside_id,
    attributions.rule,
    attributions.confidence
from attributions
left join sources on sources.source_id = attributions.source_id
where attributions.day = $day and attributions.article_id = $article_id
order by attributions.ordinal
