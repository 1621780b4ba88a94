-- title:    Days with articles
-- question: Which are the first and the last day that hold articles?
-- grain:    one row; nulls where there is no article
-- reads:    daily_outlets
select min(day) as first_day, max(day) as last_day
from daily_outlets
where articles > 0
