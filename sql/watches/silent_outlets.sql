-- title:    Days without an article of an outlet
-- question: For how many days did each watched outlet bring no article?
-- grain:    a row an outlet and silence that lasts into these days
-- params:   start date = last, end date = last, outlets varchar[] = null
-- reads:    outlet_health, outlets
-- method:   By the day of collecting. The day is the first on which it is silent; value: days from there to its
--           next article, or to `end`, as far as it was watched. Days on which nothing was collected, of any
--           outlet, are nobody's silence. Days on which it could not be read are counted apart, in the detail.
with
judged as (
    select outlet_id, name, watched_from, least(coalesce(watched_until, $end + 1), $end + 1) as until
    from outlets
    where watched_from <= $end
        and ($outlets::varchar[] is null or list_contains($outlets::varchar[], outlet_id))
),
spoken as (
    select outlet_id, day
    from outlet_health
    where articles > 0 and day <= $end
    union all by name
    select outlet_id, watched_from - 1 as day
    from judged
),
pauses as (
    select
        outlet_id,
        day as last_day,
        lead(day) over (partition by outlet_id order by day) as next_day
    from (select distinct outlet_id, day from spoken)
),
silences as (
    select
        judged.outlet_id,
        judged.name,
        judged.watched_from,
        pauses.last_day,
        least(coalesce(pauses.next_day, judged.until), judged.until) as ended
    from pauses
    join judged on judged.outlet_id = pauses.outlet_id
    where least(coalesce(pauses.next_day, judged.until), judged.until) > $start
),
collected as (select distinct day from outlet_health),
counted as (
    select silences.outlet_id, silences.last_day, min(collected.day) as first_day, count(*) as days
    from silences
    join collected on collected.day > silences.last_day and collected.day < silences.ended
    group by silences.outlet_id, silences.last_day
),
lost as (
    select silences.outlet_id, silences.last_day, count(*) as days
    from silences
    join outlet_health
        on outlet_health.outlet_id = silences.outlet_id
        and outlet_health.day > silences.last_day
        and outlet_health.day < silences.ended
    where outlet_health.verdict = 'lost'
    group by silences.outlet_id, silences.last_day
)
select
    silences.outlet_id as subject,
    silences.name,
    counted.first_day as day,
    counted.days as value,
    case when silences.last_day >= silences.watched_from then silences.last_day end as last_day,
    coalesce('; on ' || lost.days || ' of them it could not be read', '') as detail
from silences
join counted on counted.outlet_id = silences.outlet_id and counted.last_day = silences.last_day
left join lost on lost.outlet_id = silences.outlet_id and lost.last_day = silences.last_day
order by day, subject
