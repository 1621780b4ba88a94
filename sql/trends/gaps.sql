-- title:    Known gaps
-- question: What is known to be missing, and why?
-- grain:    a row a gap
-- params:   start date = last - 13, end date = last
-- reads:    gaps
select
    cast(run_start as date) as day,
    outlet_id,
    reason,
    key,
    detail
from gaps
where cast(run_start as date) between $start and $end
order by day, outlet_id, reason, key
