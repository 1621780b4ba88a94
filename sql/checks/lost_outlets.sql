-- title:    No outlet was lost
-- question: Which outlets could not be read at all that day?
-- grain:    a row an outlet and day
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    outlet_health
select outlet_id, day, gaps, verdict
from outlet_health
where day >= cast($start as date) and day < cast($end as date) and verdict = 'lost'
order by outlet_id, day
