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
where articles.outlet_id = (select outlet_id from own)
    and (articles.url = (select url from own) or articles.capture_id = (select capture_id from own))
order by articles.collected_at, articles.article_id
