-- title:    No article counts for a day after it was collected
-- question: Which articles are dated later than we had them, or before there were news sites?
-- grain:    a row an article
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    articles
-- method:   A stated date over an hour after the capture, or before 1990, is not believed: the article
--           then counts for the day it was collected. What is left here is a fault of loading.
select article_id, outlet_id, url, published_at, published_from, collected_at, dated_at, day
from articles
where interval_start >= $start and interval_start < $end
    and (
        dated_at > collected_at + interval 1 hour
        or dated_at < timestamptz '1990-01-01 00:00:00+00'
        or day <> cast(dated_at as date)
        or collected_at < interval_start - interval 1 day
    )
order by article_id
