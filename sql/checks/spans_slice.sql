-- title:    Every span slices back to its text
-- question: Which attributions, mentions or figures do not stand where they say?
-- grain:    a row a span
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    articles, attributions, mentions, figures
-- method:   Of the interval's articles, and of their days only.
with
texts as (
    select article_id, day, body, length(body) as size
    from articles
    where interval_start >= $start and interval_start < $end
),
stated as (
    select *
    from attributions
    where article_id in (select article_id from texts) and day in (select day from texts)
),
roles as (
    select article_id, attribution_id, 'source' as role, source_spans as spans, source_surface as words from stated
    union all
    select article_id, attribution_id, 'cue', cue_spans, cue from stated
    union all
    select article_id, attribution_id, 'content', content_spans, content from stated
    union all
    select article_id, attribution_id, 'sentence', [[sentence_start, sentence_end]], sentence from stated
),
sliced as (
    select
        roles.article_id,
        roles.attribution_id,
        roles.role,
        roles.words,
        array_to_string(
            list_transform(roles.spans, lambda span: substring(texts.body, span[1] + 1, span[2] - span[1])), ' … '
        ) as found,
        list_bool_and(
            list_transform(roles.spans, lambda span: span[1] >= 0 and span[1] < span[2] and span[2] <= texts.size)
        ) as in_body
    from roles
    join texts on texts.article_id = roles.article_id
    where len(roles.spans) > 0
),
bounds as (
    select article_id, null::bigint as attribution_id, 'mention' as role, name as words, mentions.start as first, mentions."end" as last
    from mentions
    where day in (select day from texts)
    union all
    select article_id, attribution_id, 'figure', counted, figures.start, figures."end"
    from figures
    where day in (select day from texts)
)
select article_id, attribution_id, role, words, found
from sliced
where in_body is distinct from true or found is distinct from words
union all
select bounds.article_id, bounds.attribution_id, bounds.role, bounds.words, null
from bounds
join texts on texts.article_id = bounds.article_id
where not (bounds.first >= 0 and bounds.first < bounds.last and bounds.last <= texts.size)
order by article_id, attribution_id, role, words
