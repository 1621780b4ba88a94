-- title:    Who follows whom
-- question: Which outlets take up a source after which others do?
-- grain:    a row a pair of outlets, the one that follows and the one before it
-- params:   start date = last - 13, end date = last, hours double = 48, quiet integer = 7,
--           least integer = 3, top integer = 30
-- reads:    daily_sources, outlets
-- method:   An outlet takes a source up with its first article that cites it, if it had not cited it in the
--           `quiet` days before. followed counts sources taken up within `hours` after the other outlet took
--           them up, led those that it took up as long before; at the same instant is neither. z is that of a
--           sign test, (followed - led) / sqrt(followed + led): chance would make half of each, and 2 is
--           rarely chance (Dixon and Mood 1946, doi:10.1080/01621459.1946.10501898). Two outlets may both
--           follow a third, or an agency.
with
cited as (
    select outlet_id, coalesce(source_id, source_name) as source_key, day, min(first_at) as dated_at
    from daily_sources
    where day between $start - $quiet and $end and voice = 'identified'
    group by outlet_id, source_key, day
),
spaced as (
    select
        *,
        lag(day) over (partition by outlet_id, source_key order by day) as day_before
    from cited
),
taken_up as (
    select outlet_id, source_key, epoch(dated_at) as second
    from spaced
    where day >= $start and (day_before is null or day - day_before > $quiet)
),
pairs as (
    select later.outlet_id as follower_id, earlier.outlet_id as leader_id, count(*) as followed
    from taken_up later
    join taken_up earlier
        on earlier.source_key = later.source_key
        and earlier.outlet_id <> later.outlet_id
        and earlier.second < later.second
        and later.second - earlier.second <= $hours * 3600
    group by later.outlet_id, earlier.outlet_id
),
both_ways as (
    select
        pairs.*,
        coalesce(back.followed, 0) as led,
        (pairs.followed - led) / sqrt(pairs.followed + led) as z
    from pairs
    left join pairs back on back.follower_id = pairs.leader_id and back.leader_id = pairs.follower_id
),
foremost as (
    select *
    from both_ways
    where followed >= $least and followed >= led
    order by z desc, followed desc, follower_id, leader_id
    limit $top
),
delays as (
    select foremost.follower_id, foremost.leader_id, median(later.second - earlier.second) / 3600 as median_hours
    from foremost
    join taken_up later on later.outlet_id = foremost.follower_id
    join taken_up earlier
        on earlier.outlet_id = foremost.leader_id
        and earlier.source_key = later.source_key
        and earlier.second < later.second
        and later.second - earlier.second <= $hours * 3600
    group by foremost.follower_id, foremost.leader_id
)
select
    coalesce(follower.name, foremost.follower_id) as outlet,
    coalesce(leader.name, foremost.leader_id) as follows,
    foremost.followed,
    foremost.led,
    round(delays.median_hours, 2) as median_hours,
    round(foremost.z, 2) as z
from foremost
join delays on delays.follower_id = foremost.follower_id and delays.leader_id = foremost.leader_id
left join outlets follower on follower.outlet_id = foremost.follower_id
left join outlets leader on leader.outlet_id = foremost.leader_id
order by foremost.z desc, foremost.followed desc, foremost.follower_id, foremost.leader_id
