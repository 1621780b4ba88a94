-- title:    Every archived page is an article or a reject, once
-- question: Which archived pages have no outcome, or more than one?
-- grain:    a row a page
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    captures, articles, rejects
with
archived as (
    select capture_id, outlet_id, url
    from captures
    where interval_start >= $start and interval_start < $end and kind = 'page'
),
outcomes as (
    select capture_id from articles where interval_start >= $start and interval_start < $end
    union all
    select capture_id from rejects where interval_start >= $start and interval_start < $end
),
counted as (
    select archived.capture_id, archived.outlet_id, archived.url, count(outcomes.capture_id) as outcomes
    from archived
    left join outcomes on outcomes.capture_id = archived.capture_id
    group by archived.capture_id, archived.outlet_id, archived.url
)
select outlet_id, url, capture_id, outcomes
from counted
where outcomes <> 1
order by outlet_id, url, capture_id
