-- title:    Every item found is accounted for
-- question: For which outlets and runs is what the feeds held not what came of it?
-- grain:    a row an outlet and run that does not add up
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    readings, articles, rejects, gaps
-- method:   found = seen + skipped + articles + rejects + gaps; what concerns a feed as a whole is no item.
--           Runs without readings, such as imported archives, have no count to meet.
with
read as (
    select
        outlet_id,
        interval_start,
        sum(found)::bigint as found,
        sum(seen)::bigint as seen,
        sum(skipped)::bigint as skipped
    from readings
    where interval_start >= $start and interval_start < $end
    group by outlet_id, interval_start
),
addresses_of_feeds as (
    select outlet_id, url as key from readings
    union
    select outlet_id, feed_id from readings
    union
    select outlet_id, outlet_id from readings
),
shown as (
    select outlet_id, interval_start, count(*) as articles
    from articles
    where interval_start >= $start and interval_start < $end
    group by outlet_id, interval_start
),
refused as (
    select outlet_id, interval_start, count(*) as rejects
    from rejects
    where interval_start >= $start and interval_start < $end
        and (outlet_id, key) not in (select (outlet_id, key) from addresses_of_feeds)
    group by outlet_id, interval_start
),
lost as (
    select outlet_id, run_start as interval_start, count(*) as gaps
    from gaps
    where run_start >= $start and run_start < $end
        and (outlet_id, key) not in (select (outlet_id, key) from addresses_of_feeds)
    group by outlet_id, run_start
)
select
    read.outlet_id,
    read.interval_start,
    read.found,
    read.seen,
    read.skipped,
    coalesce(shown.articles, 0) as articles,
    coalesce(refused.rejects, 0) as rejects,
    coalesce(lost.gaps, 0) as gaps
from read
left join shown using (outlet_id, interval_start)
left join refused using (outlet_id, interval_start)
left join lost using (outlet_id, interval_start)
where read.found <> read.seen + read.skipped + coalesce(shown.articles, 0)
    + coalesce(refused.rejects, 0) + coalesce(lost.gaps, 0)
order by read.outlet_id, read.interval_start
