-- title:    Every text could be read for statements
-- question: Which articles have no attributions because reading them failed?
-- grain:    a row an article
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    articles
-- method:   A language that is not read is no failure.
select article_id, outlet_id, url, attribution_skipped
from articles
where interval_start >= $start and interval_start < $end and attribution_skipped like 'failed: %'
order by article_id
