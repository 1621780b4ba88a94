-- title:    Who follows whom
-- question: Which outlets take up a source after which others do?
-- grain:    a row a pair of outlets, the one that follows and the one before it
-- params:   start date = last - 13, end date = last, hours double = 48, quiet integer = 7,
--           least integer = 3, top integer = 30
-- reads:    attributions, articles, outlets
-- method:   An outlet takes a source up with its first article that cites it, if it had not cited it in the
--           `quiet` days before. followed counts sources taken up within `hours` after the other outlet took
--           them up, led those that it took up as long before; at the same instant is neither. z is that of a
--           sign test, (followed - led) / sqrt(followed + led): chance would make half of each, and 2 is
--           rarely chance (Dixon and Mood 1946, doi:10.1080/01621459.1946.10501898). Two outlets may both
--           follow a third, or an agency.
with
cited as (
    select
        attributions.outlet_id,
        coalesce(attributions.source_id, attributions.source_name) as source_key,
        min(articles.dated_at) as dated_at,
        articles.day
    from attributions
    join articles on articles.article_id = attributions.article_id
    where attributions.day between $start - $quiet and $end
        and articles.day between $start - $quiet and $end
        and articles.is_revision_of is null
        and (attributions.source_id is not null or attributions.source_name is not null)
    group by attributions.outlet_id, source_key, articles.day
),
spaced as (
    select
        *,
        lag(day) over (partition by outlet_id, source_key order by day) as day_before
    from cited
),
taken_up as (
    select outlet_id, source_key, dated_at
    from spaced
    where day >= $start and (day_before is null or day - day_before > $quiet)
),
pairs as (
    select
        later.outlet_id as follower_id,
        earlier.outlet_id as leader_id,
        count(*) as followed,
        median(epoch(later.dated_at) - epoch(earlier.dated_at)) / 3600 as median_hours
    from taken_up later
    join taken_up earlier
        on earlier.source_key = later.source_key
        and earlier.outlet_id <> later.outlet_id
        and earlier.dated_at < later.dated_at
        and epoch(later.dated_at) - epoch(earlier.dated_at) <= $hours * 3600
    group by later.outlet_id, earlier.outlet_id
),
both_ways as (
    select pairs.*, coalesce(back.followed, 0) as led
    from pairs
    left join pairs back on back.follower_id = pairs.leader_id and back.leader_id = pairs.follower_id
)
select
    coalesce(follower.name, both_ways.follower_id) as outlet,
    coalesce(leader.name, both_ways.leader_id) as follows,
    both_ways.followed,
    both_ways.led,
    round(both_ways.median_hours, 2) as median_hours,
    round((both_ways.followed - both_ways.led) / sqrt(both_ways.followed + both_ways.led), 2) as z
from both_ways
left join outlets follower on follower.outlet_id = both_ways.follower_id
left join outlets leader on leader.outlet_id = both_ways.leader_id
where both_ways.followed >= $least and both_ways.followed >= both_ways.led
order by z desc, both_ways.followed desc, both_ways.follower_id, both_ways.leader_id
limit $top
