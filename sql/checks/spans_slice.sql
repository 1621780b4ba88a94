-- title:    Every span slices back to its text
-- question: Which attributions, mentions or figures do not stand where they say?
-- grain:    a row a span
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    articles, attributions, mentions, figures
with
texts as (
    select article_id, body, length(body) as size
    from articles
    where interval_start >= $start and interval_start < $end
),
roles as (
    select article_id, attribution_id, 'source' as role, source_spans as spans, source_surface as words
    from attributions
    union all
    select article_id, attribution_id, 'cue', cue_spans, cue from attributions
    union all
    select article_id, attribution_id, 'content', content_spans, content from attributions
    union all
    select article_id, attribution_id, 'sentence', [[sentence_start, sentence_end]], sentence from attributions
),
parts as (
    select
        roles.article_id,
        roles.attribution_id,
        roles.role,
        roles.words,
        texts.body,
        unnest(roles.spans) as span,
        generate_subscripts(roles.spans, 1) as part
    from roles
    join texts on texts.article_id = roles.article_id
    where len(roles.spans) > 0
),
sliced as (
    select
        article_id,
        attribution_id,
        role,
        words,
        string_agg(substring(body, span[1] + 1, span[2] - span[1]), ' … ' order by part) as found,
        bool_and(span[1] >= 0 and span[1] < span[2] and span[2] <= length(body)) as in_body
    from parts
    group by article_id, attribution_id, role, words
),
bounds as (
    select article_id, null::bigint as attribution_id, 'mention' as role, name as words, mentions.start as first, mentions."end" as last
    from mentions
    union all
    select article_id, attribution_id, 'figure', counted, figures.start, figures."end"
    from figures
)
select article_id, attribution_id, role, words, found
from sliced
where not in_body or found is distinct from words
union all
select bounds.article_id, bounds.attribution_id, bounds.role, bounds.words, null
from bounds
join texts on texts.article_id = bounds.article_id
where not (bounds.first >= 0 and bounds.first < bounds.last and bounds.last <= texts.size)
order by article_id, attribution_id, role, words
