-- title:    Conflicting figures
-- question: Where do sources give different numbers of the same thing on the same day?
-- grain:    a row a day, unit, thing counted and period
-- params:   start date = last - 13, end date = last, counted varchar = null, top integer = 20
-- reads:    figures, attributions, articles, sources
-- method:   Figures that are attributed to identified sources, by what they count in lower case. Numbers of
--           two different periods, such as "since Monday" and "in 2015" or "a day", do not differ: they count
--           different things, and stand in rows of their own; one whose days are not told is compared with all,
--           and stands in each of these rows. Two sources may still count different events of a day: given
--           names each number with its source and period, and `wirewatch evidence` shows the sentences.
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
        coalesce(sources.name, attributions.source_name, attributions.source_id) as source,
        figures.article_id
    from figures
    join articles on articles.article_id = figures.article_id
    join attributions on attributions.attribution_id = figures.attribution_id
    left join sources on sources.source_id = attributions.source_id
    where figures.day between $start and $end
        and attributions.day between $start and $end
        and articles.day between $start and $end
        and articles.is_revision_of is null
        and figures.counted is not null
        and coalesce(attributions.source_id, attributions.source_name) is not null
        and ($counted is null or lower(figures.counted) = lower($counted))
),
statements as (
    select
        day, counted, unit, source_key, min(source) as source, value, days, min(period) as period,
        count(distinct article_id) as articles
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
    day,
    counted,
    unit,
    min(value) as lowest,
    max(value) as highest,
    count(distinct source_key) as sources,
    sum(articles)::bigint as articles,
    string_agg(
        source || ': ' || format('{:g}', value) || coalesce(' ' || period, ''), '; ' order by value, source, period
    ) as given
from differing
group by day, counted, unit, compared
order by sources desc, highest - lowest desc, day, counted, unit, compared
limit $top
