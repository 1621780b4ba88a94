-- title:    Every reading of a feed adds up
-- question: Which readings found another number of items than they sorted?
-- grain:    a row a reading
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    readings
select feed_id, readings.at, status, found, new, seen, skipped, failed
from readings
where interval_start >= $start and interval_start < $end
    and found <> new + seen + skipped + failed
order by feed_id, readings.at
