-- title:    Spikes
-- question: Which sources were suddenly cited far more than in the days before?
-- grain:    a row a source and day that stands out
-- params:   start date = last - 13, end date = last, baseline integer = 28, known integer = 5,
--           least integer = 3, threshold double = 3
-- reads:    daily_sources, daily_outlets, sources
-- method:   Robust z: (count - median) / scale over the baseline days before, days without a citation
--           counting as 0; scale is the larger of 1.4826 × the median absolute deviation and the square
--           root of the median, at least 1, so that quiet sources do not explode (Iglewicz and Hoaglin
--           1993). A day is judged when at least `known` baseline days hold articles, and reported from
--           `least` attributions on.
with
news_days as (
    select distinct day
    from daily_outlets
    where day between $start - $baseline and $end
),
cited as (
    select
        daily_sources.day,
        coalesce(daily_sources.source_id, daily_sources.source_name) as source_key,
        min(coalesce(sources.name, daily_sources.source_name, daily_sources.source_id)) as source,
        sum(daily_sources.attributions)::bigint as attributions
    from daily_sources
    left join sources on sources.source_id = daily_sources.source_id
    where daily_sources.day between $start - $baseline and $end and voice = 'identified'
    group by daily_sources.day, source_key
),
judged as (
    select day, source_key, source, attributions
    from cited
    where day >= $start and attributions >= $least
),
before as (
    select
        judged.day,
        judged.source_key,
        judged.source,
        judged.attributions,
        coalesce(cited.attributions, 0) as earlier
    from judged
    join news_days on news_days.day >= judged.day - $baseline and news_days.day < judged.day
    left join cited on cited.day = news_days.day and cited.source_key = judged.source_key
),
centred as (
    select
        day,
        source_key,
        min(source) as source,
        min(attributions) as attributions,
        median(earlier) as usual,
        mad(earlier) as deviation,
        count(*) as known_days
    from before
    group by day, source_key
),
scored as (
    select
        *,
        (attributions - usual) / greatest(1.4826 * deviation, sqrt(usual), 1) as z
    from centred
    where known_days >= $known
)
select day, source, attributions, usual, round(z, 2) as z, known_days
from scored
where z >= $threshold
order by z desc, day, source_key
