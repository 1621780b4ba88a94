-- title:    Why an outlet's pages are no articles
-- question: For which reasons were the outlet's pages rejected, and how many?
-- grain:    a row a reason
-- params:   outlet_id varchar, start date, end date
-- reads:    rejects
select reason, count(*) as rejects
from rejects
where outlet_id = $outlet_id and cast(interval_start as date) between $start and $end
group by reason
order by rejects desc, reason
