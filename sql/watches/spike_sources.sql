-- title:    Statements of a source on a day, and what is usual
-- question: How often was each source cited on these days, and how often in the days before?
-- grain:    a row a source and day that cites it
-- params:   start date = last, end date = last, baseline integer = 28, least integer = 3,
--           sources varchar[] = null, outlets varchar[] = null
-- reads:    daily_citations, daily_sources, daily_outlets, sources
-- method:   Days before that hold articles and no citation count as 0.
with
news_days as (
    select distinct day
    from daily_outlets
    where day between $start - $baseline and $end
        and ($outlets::varchar[] is null or list_contains($outlets::varchar[], outlet_id))
),
counted as (
    select day, coalesce(source_id, source_name) as subject, attributions
    from daily_citations
    where $outlets::varchar[] is null and day between $start - $baseline and $end and voice = 'identified'
    union all
    select day, coalesce(source_id, source_name), attributions
    from daily_sources
    where list_contains($outlets::varchar[], outlet_id) and day between $start - $baseline and $end
        and voice = 'identified'
),
cited as (
    select day, subject, sum(attributions)::bigint as value
    from counted
    where $sources::varchar[] is null or list_contains($sources::varchar[], subject)
    group by day, subject
),
judged as (
    select day, subject, value
    from cited
    where day >= $start and value >= $least
),
before as (
    select judged.day, judged.subject, judged.value, coalesce(cited.value, 0) as earlier
    from judged
    join news_days on news_days.day >= judged.day - $baseline and news_days.day < judged.day
    left join cited on cited.day = news_days.day and cited.subject = judged.subject
)
select
    before.subject,
    coalesce(any_value(sources.name), before.subject) as name,
    before.day,
    before.value,
    median(before.earlier) as usual,
    mad(before.earlier) as deviation,
    count(*) as known_days
from before
left join sources on sources.source_id = before.subject
group by before.subject, before.day, before.value
order by before.day, before.subject
