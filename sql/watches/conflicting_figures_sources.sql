-- title:    Figures that differ
-- question: Which things were counted differently by different sources on the same day?
-- grain:    a row a day, unit, thing counted, what is said of it, country and period
-- params:   start date = last, end date = last, sources varchar[] = null, outlets varchar[] = null
-- reads:    figures, attributions, articles, sources, mentions
-- method:   As the trend conflicting_figures: numbers of the same thing, of which the same is said, in articles on
--           the same country. One of the sources named gives one of them. Numbers of two different periods do
--           not differ, and stand in rows of their own, as their subjects do. Two sources may count different
--           events of a day: the sentences tell.
with
given as (
    select
        articles.day,
        lower(figures.counted) as counted,
        figures.unit,
        figures.value,
        figures.period,
        case
            when period_end is not null then concat_ws(' to ', period_start, period_end)
            when regexp_matches(period, '^(an?|per|each|every) |ly$') then period
        end as days,
        -- The first word behind the number and what it counts that is not one of the small ones.
        regexp_extract(
            lower(substr(attributions.sentence, figures."end" - attributions.sentence_start + 1)),
            '^(?: (?:also|an?|and|are|at|be|been|being|by|for|from|had|has|have|in|is|now|of|on|or|since|still|that|the|to|was|were|which|who|with))* ([[:alpha:]]+)',
            1
        ) as word,
        figures.article_id,
        coalesce(attributions.source_id, attributions.source_name) as source_key,
        coalesce(sources.name, attributions.source_name, attributions.source_id) as source
    from figures
    join articles on articles.article_id = figures.article_id
    join attributions on attributions.attribution_id = figures.attribution_id
    left join sources on sources.source_id = attributions.source_id
    where articles.day between $start and $end
        and articles.is_revision_of is null
        and figures.counted is not null
        and coalesce(attributions.source_id, attributions.source_name) is not null
        and ($outlets::varchar[] is null or list_contains($outlets::varchar[], articles.outlet_id))
),
placed as (
    select mentions.article_id, sources.country
    from mentions
    join sources on sources.source_id = mentions.source_id
    where mentions.day between $start and $end and mentions.kind = 'place'
        and sources.country is not null
        and mentions.article_id in (select article_id from given)
    group by mentions.article_id, sources.country
    qualify row_number() over (partition by mentions.article_id order by count(*) desc, sources.country) = 1
),
said as (
    select
        given.*,
        placed.country,
        case
            when regexp_matches(word, '^(dead|death|die|dying|kill|murder|perish|slain)') then 'dead'
            when regexp_matches(word, '^(hurt|injur|wound)') then 'hurt'
            when regexp_matches(word, '^(displace|fled|flee|uproot)') then 'fled'
            when regexp_matches(word, '^(arrest|captur|detain|held|imprison|jail)') then 'held'
            else nullif(regexp_replace(word, '(ing|ed|es|s)$', ''), '')
        end as deed
    from given
    left join placed on placed.article_id = given.article_id
),
statements as (
    select
        day, counted, unit, deed, country, min(word) as word, source_key, min(source) as source, value, days,
        min(period) as period
    from said
    group by day, counted, unit, deed, country, source_key, value, days
),
ranges as (
    select
        day, counted, unit, deed, country, days,
        min(value) as lowest, max(value) as highest, min(source_key) as first_key, max(source_key) as last_key
    from statements
    group by day, counted, unit, deed, country, days
),
conflicts as (
    select ranges.day, ranges.counted, ranges.unit, ranges.deed, ranges.country, ranges.days
    from ranges
    left join ranges as undated
        on undated.day = ranges.day
        and undated.counted = ranges.counted
        and undated.unit is not distinct from ranges.unit
        and undated.deed is not distinct from ranges.deed
        and undated.country is not distinct from ranges.country
        and undated.days is null
    where least(ranges.lowest, undated.lowest) < greatest(ranges.highest, undated.highest)
        and least(ranges.first_key, undated.first_key) < greatest(ranges.last_key, undated.last_key)
    qualify ranges.days is not null
        or count(ranges.days) over (
            partition by ranges.day, ranges.counted, ranges.unit, ranges.deed, ranges.country
        ) = 0
),
differing as (
    select statements.*, conflicts.days as compared
    from conflicts
    join statements
        on statements.day = conflicts.day
        and statements.counted = conflicts.counted
        and statements.unit is not distinct from conflicts.unit
        and statements.deed is not distinct from conflicts.deed
        and statements.country is not distinct from conflicts.country
        and (statements.days = conflicts.days or statements.days is null)
)
select
    concat_ws(' ', counted, deed, country) || coalesce(' (' || unit || ')', '') || coalesce(', ' || compared, '') as subject,
    concat_ws(' ', counted, min(word)) || coalesce(' (' || unit || ')', '') || coalesce(', ' || min(period) filter (days is not null), '') as name,
    day,
    max(value) as value,
    min(value) as usual,
    count(distinct source_key) as count,
    string_agg(
        source || ': ' || format('{:g}', value) || coalesce(' ' || period, ''), '; ' order by value, source, period
    ) as detail
from differing
group by day, counted, unit, deed, country, compared
having ($sources::varchar[] is null or list_has_any(list(source_key), $sources::varchar[]))
order by day, subject
