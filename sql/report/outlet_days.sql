-- title:    Each outlet's days
-- question: What became of each outlet's collecting on each day?
-- grain:    a row an outlet and day of collecting
-- params:   start date = last - 13, end date = last
-- reads:    outlet_health, outlets
select
    outlet_health.outlet_id,
    coalesce(outlets.name, outlet_health.outlet_id) as outlet,
    outlet_health.day,
    outlet_health.found,
    outlet_health.new,
    outlet_health.articles,
    outlet_health.rejected,
    outlet_health.gaps,
    outlet_health.verdict
from outlet_health
left join outlets on outlets.outlet_id = outlet_health.outlet_id
where outlet_health.day between $start and $end
order by outlet, outlet_health.outlet_id, outlet_health.day
