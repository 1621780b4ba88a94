-- title:    What a row rests on
-- question: Which sentence, at which offsets of which archived page, does an article or attribution stand on?
-- grain:    a row an attribution; one row for an article that has none
-- params:   id integer
-- reads:    articles, attributions, captures
with
meant as (
    select article_id, null::bigint as attribution_id
    from articles
    where article_id = $id
    union all
    select article_id, attribution_id
    from attributions
    where attribution_id = $id
),
stated as (
    select attributions.*
    from attributions
    join meant on meant.article_id = attributions.article_id
    where meant.attribution_id is null or meant.attribution_id = attributions.attribution_id
)
select
    articles.article_id,
    stated.attribution_id,
    articles.outlet_id,
    articles.title,
    articles.published_at,
    stated.source_id,
    coalesce(stated.source_name, stated.source_surface) as source,
    stated.cue,
    stated.kind,
    stated.content,
    stated.sentence,
    stated.sentence_start,
    stated.sentence_end,
    stated.source_spans,
    stated.cue_spans,
    stated.content_spans,
    stated.rule,
    stated.confidence,
    captures.url,
    captures.fetched_at,
    captures.digest,
    captures.warc_file,
    captures.warc_offset
from meant
join articles on articles.article_id = meant.article_id
left join captures on captures.capture_id = articles.capture_id
left join stated on stated.article_id = articles.article_id
order by stated.ordinal
