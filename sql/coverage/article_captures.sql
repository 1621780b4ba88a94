-- title:    An article's captures
-- question: Which archived responses show the article's page?
-- grain:    a row a capture, oldest first
-- params:   article_id integer, day date
-- reads:    articles, captures
-- method:   The capture the article was read from, and all others of the same address.
with
own as (
    select capture_id, outlet_id, url
    from articles
    where articles.day = $day and articles.article_id = $article_id
)
select
    captures.capture_id,
    captures.url,
    captures.final_url,
    captures.status,
    captures.fetched_at,
    captures.digest,
    captures.warc_file,
    captures.warc_offset
from captures
where captures.kind = 'page'
    and captures.outlet_id = (select outlet_id from own)
    and (captures.url = (select url from own) or captures.capture_id = (select capture_id from own))
order by captures.fetched_at, captures.capture_id
