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
where cast(interval_start as date) between $start and $end
group by stage, reason
order by rejects desc, stage, reason
