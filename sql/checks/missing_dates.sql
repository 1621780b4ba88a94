-- title:    Articles carry dates
-- question: Which outlets gave half or more of their articles no date that day?
-- grain:    a row an outlet and day
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    outlet_health
-- method:   Days with fewer than 4 articles are left out: one page is no pattern.
select outlet_id, day, articles, missing_date
from outlet_health
where day >= cast($start as date) and day < cast($end as date)
    and articles >= 4 and missing_date * 2 >= articles
order by outlet_id, day
