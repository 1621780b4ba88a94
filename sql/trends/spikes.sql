-- title:    Spikes
-- question: Which sources stood in far more articles on a day than they do on that weekday?
-- grain:    a row a source and day that stands out
-- params:   start date = last - 13, end date = last, weeks integer = 8, known integer = 4,
--           least integer = 4, threshold double = 3.5, top integer = 50
-- reads:    daily_citations, daily_outlets, sources
-- method:   Robust z: (articles - median) / scale over the same weekday of the `weeks` weeks before, a day
--           without a citation counting as 0; scale is 1.4826 × the median absolute deviation, and no less than
--           chance makes of it, the square root of the median or 1; 3.5 is the usual bound (Iglewicz and Hoaglin
--           1993, How to detect and handle outliers). Articles, as one story brings many attributions. A day is
--           judged when at least `known` of those weekdays hold articles, and reported from `least` articles on.
with
news_days as (
    select distinct day
    from daily_outlets
    where day between $start - 7 * $weeks and $end
),
cited as (
    select day, coalesce(source_id, source_name) as source_key, sum(articles)::bigint as articles
    from daily_citations
    where day between $start - 7 * $weeks and $end and voice = 'identified'
    group by day, source_key
),
judged as (
    select day, source_key, articles
    from cited
    where day >= $start and articles >= $least
),
weekdays as (
    select judged_day.day, judged_day.day - 7 * week.number::integer as earlier_day
    from (select distinct day from judged) judged_day
    cross join range(1, $weeks + 1) week(number)
    join news_days on news_days.day = judged_day.day - 7 * week.number::integer
),
centred as (
    select
        judged.day,
        judged.source_key,
        any_value(judged.articles) as articles,
        median(coalesce(cited.articles, 0)) as usual,
        mad(coalesce(cited.articles, 0)) as deviation,
        count(*) as known_days
    from judged
    join weekdays on weekdays.day = judged.day
    left join cited on cited.day = weekdays.earlier_day and cited.source_key = judged.source_key
    group by judged.day, judged.source_key
    having count(*) >= $known
),
scored as (
    select *, (articles - usual) / greatest(1.4826 * deviation, sqrt(usual), 1) as z
    from centred
)
select
    scored.day,
    coalesce(sources.name, scored.source_key) as source,
    scored.articles,
    scored.usual,
    round(scored.z, 2) as z,
    scored.known_days
from scored
left join sources on sources.source_id = scored.source_key
where scored.z >= $threshold
order by scored.z desc, scored.day, scored.source_key
limit $top
