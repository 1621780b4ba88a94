-- title:    The newest day
-- question: What is the last day that holds articles?
-- grain:    one row
-- reads:    daily_outlets
select max(day) as newest_day
from daily_outlets
