-- title:    Sources that were not cited for long
-- question: Who is cited on these days and was not in the days before?
-- grain:    a row a source and day
-- params:   start date = last, end date = last, back integer = 90, least integer = 1,
--           sources varchar[] = null, outlets varchar[] = null
-- reads:    daily_citations, daily_sources, daily_outlets, sources
-- method:   known_days: days before, within `back`, that hold articles of those outlets; where few are
--           known, nobody is new.
with
news_days as (
    select distinct day
    from daily_outlets
    where day between $start - $back and $end
        and ($outlets::varchar[] is null or list_contains($outlets::varchar[], outlet_id))
),
counted as (
    select day, coalesce(source_id, source_name) as subject, attributions
    from daily_citations
    where $outlets::varchar[] is null and day between $start - $back and $end and voice = 'identified'
    union all
    select day, coalesce(source_id, source_name), attributions
    from daily_sources
    where list_contains($outlets::varchar[], outlet_id) and day between $start - $back and $end
        and voice = 'identified'
),
cited as (
    select day, subject, sum(attributions)::bigint as value
    from counted
    where $sources::varchar[] is null or list_contains($sources::varchar[], subject)
    group by day, subject
),
followed as (
    select day, subject, value, lag(day) over (partition by subject order by day) as last_day
    from cited
)
select
    followed.subject,
    coalesce(sources.name, followed.subject) as name,
    followed.day,
    followed.value,
    followed.last_day,
    (
        select count(*)
        from news_days
        where news_days.day < followed.day and news_days.day >= followed.day - $back
    ) as known_days
from followed
left join sources on sources.source_id = followed.subject
where followed.day >= $start
    and followed.value >= $least
    and (followed.last_day is null or followed.last_day < followed.day - $back)
order by followed.day, followed.subject
