-- title:    A capture's articles
-- question: Which articles were read from the capture, or from another of the same address?
-- grain:    a row an article
-- params:   capture_id integer
-- reads:    captures, articles
with
own as (
    select capture_id, outlet_id, url
    from captures
    where capture_id = $capture_id
)
select articles.article_id, articles.title
from articles
join own on own.outlet_id = articles.outlet_id and (own.capture_id = articles.capture_id or own.url = articles.url)
order by articles.collected_at, articles.article_id
