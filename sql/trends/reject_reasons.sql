-- title:    Reasons of rejects
-- question: Why did pages not become articles?
-- grain:    a row a stage and reason
-- params:   start date = last - 13, end date = last
-- reads:    rejects
select
    stage,
    reason,
    count(*) as rejects,
    count(distinct outlet_id) as outlets,
    min(key) as example
from rejects
where interval_start >= $start and interval_start < $end + 1
group by stage, reason
order by rejects desc, stage, reason
