-- title:    Gaps of a period
-- question: What is known to be lost?
-- grain:    a row a gap, newest first
-- params:   start date, end date, outlets varchar[] = null, top integer = 100
-- reads:    gaps, outlets
select
    gaps.outlet_id,
    coalesce(outlets.name, gaps.outlet_id) as outlet,
    cast(gaps.run_start as date) as day,
    gaps.reason,
    gaps.key,
    gaps.detail
from gaps
left join outlets on outlets.outlet_id = gaps.outlet_id
where cast(gaps.run_start as date) between $start and $end
    and ($outlets is null or list_contains($outlets, gaps.outlet_id))
order by gaps.run_start desc, gaps.outlet_id, gaps.key
limit $top
