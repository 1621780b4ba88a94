-- title:    Coverage gaps
-- question: What do we know that we do not have?
-- grain:    a row an outlet, day and reason
-- params:   start date = last - 13, end date = last, outlet varchar = null, top integer = 50
-- reads:    gaps, outlets
-- method:   By the day that the lost stretch starts on; example is one of the feeds or pages lost.
select
    cast(gaps.interval_start as date) as day,
    coalesce(outlets.name, gaps.outlet_id) as outlet,
    gaps.reason,
    count(*) as gaps,
    min(gaps.key) as example
from gaps
left join outlets on outlets.outlet_id = gaps.outlet_id
where gaps.interval_start >= $start and gaps.interval_start < $end + 1
    and ($outlet is null or gaps.outlet_id = $outlet)
group by day, gaps.outlet_id, outlets.name, gaps.reason
order by day, gaps.outlet_id, gaps.reason
limit $top
