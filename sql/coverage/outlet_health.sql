-- title:    An outlet's health
-- question: What did each day of collecting the outlet bring, and does it look whole?
-- grain:    a row a day of collecting
-- params:   outlet_id varchar, start date, end date
-- reads:    outlet_health
select day, found, new, articles, rejected, missing_date, median_words, gaps, verdict
from outlet_health
where outlet_id = $outlet_id and day between $start and $end
order by day
