-- title:    Figures that differ
-- question: Which things were counted differently by different sources on the same day?
-- grain:    a row a day, unit and thing counted
-- params:   start date = last, end date = last, sources varchar[] = null, outlets varchar[] = null
-- reads:    figures, attributions, articles, sources
-- method:   Figures that are attributed to identified sources; one of those named gives one of them. Numbers of
--           two different periods do not differ. Two sources may count different events of a day: the
--           sentences tell.
with
given as (
    select
        articles.day,
        lower(figures.counted) as counted,
        figures.unit,
        figures.value,
        figures.period,
        case
            when period_end is not null then coalesce(period_start || '', 'before') || '/' || period_end
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
comparable as (
    select slots.days as slot, statements.*
    from (select distinct day, counted, unit, days from statements) as slots
    join statements
        on statements.day = slots.day
        and statements.counted = slots.counted
        and statements.unit is not distinct from slots.unit
        and (statements.days is null or statements.days = slots.days)
),
conflicts as (
    select day, counted, unit, slot
    from comparable
    group by day, counted, unit, slot
    having count(distinct value) > 1 and count(distinct source_key) > 1
),
differing as (
    select distinct comparable.* exclude (slot)
    from comparable
    semi join conflicts
        on conflicts.day = comparable.day
        and conflicts.counted = comparable.counted
        and conflicts.unit is not distinct from comparable.unit
        and conflicts.slot is not distinct from comparable.slot
)
select
    counted || coalesce(' (' || unit || ')', '') as subject,
    counted || coalesce(' (' || unit || ')', '') as name,
    day,
    max(value) as value,
    min(value) as usual,
    count(distinct source_key) as count,
    string_agg(
        source || ': ' || format('{:g}', value) || coalesce(' ' || period, ''), '; ' order by value, source, period
    ) as detail
from differing
group by day, counted, unit
having ($sources::varchar[] is null or list_has_any(list(source_key), $sources::varchar[]))
order by day, subject
