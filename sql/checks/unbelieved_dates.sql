-- title:    Pages state dates that can be
-- question: Which articles state a date that was not believed?
-- grain:    a row an article
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    articles
select article_id, outlet_id, url, published_at, published_from, collected_at
from articles
where interval_start >= $start and interval_start < $end
    and (
        published_at > collected_at + interval 1 hour
        or published_at < timestamptz '1990-01-01 00:00:00+00'
    )
order by article_id
