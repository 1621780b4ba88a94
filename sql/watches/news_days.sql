-- title:    Days with news
-- question: Which days hold any article of these outlets?
-- grain:    a row a day
-- params:   start date = last, end date = last, outlets varchar[] = null
-- reads:    daily_outlets
select distinct day
from daily_outlets
where day between $start and $end
    and ($outlets::varchar[] is null or list_contains($outlets::varchar[], outlet_id))
order by day
