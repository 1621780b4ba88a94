-- title:    Figures that differ
-- question: Which things were counted differently by different sources on the same day?
-- grain:    a row a day, unit, thing counted and period
-- params:   start date = last, end date = last, sources varchar[] = null, outlets varchar[] = null
-- reads:    figures, attributions, articles, sources
-- method:   Figures that are attributed to identified sources; one of those named gives one of them. Numbers of
--           two different periods do not differ, and stand in rows of their own, as their subjects do. Two
--           sources may count different events of a day: the sentences tell.
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
statements as (
    select day, counted, unit, source_key, min(source) as source, value, days, min(period) as period
    from given
    group by day, counted, unit, source_key, value, days
),
ranges as (
    select
        day, counted, unit, days,
        min(value) as lowest, max(value) as highest, min(source_key) as first_key, max(source_key) as last_key
    from statements
    group by day, counted, unit, days
),
conflicts as (
    select ranges.day, ranges.counted, ranges.unit, ranges.days
    from ranges
    left join ranges as undated
        on undated.day = ranges.day
        and undated.counted = ranges.counted
        and undated.unit is not distinct from ranges.unit
        and undated.days is null
    where least(ranges.lowest, undated.lowest) < greatest(ranges.highest, undated.highest)
        and least(ranges.first_key, undated.first_key) < greatest(ranges.last_key, undated.last_key)
    qualify ranges.days is not null
        or count(ranges.days) over (partition by ranges.day, ranges.counted, ranges.unit) = 0
),
differing as (
    select statements.*, conflicts.days as compared
    from conflicts
    join statements
        on statements.day = conflicts.day
        and statements.counted = conflicts.counted
        and statements.unit is not distinct from conflicts.unit
        and (statements.days = conflicts.days or statements.days is null)
)
select
    counted || coalesce(' (' || unit || ')', '') || coalesce(', ' || compared, '') as subject,
    counted || coalesce(' (' || unit || ')', '') || coalesce(', ' || min(period) filter (days is not null), '') as name,
    day,
    max(value) as value,
    min(value) as usual,
    count(distinct source_key) as count,
    string_agg(
        source || ': ' || format('{:g}', value) || coalesce(' ' || period, ''), '; ' order by value, source, period
    ) as detail
from differing
group by day, counted, unit, compared
having ($sources::varchar[] is null or list_has_any(list(source_key), $sources::varchar[]))
order by day, subject
