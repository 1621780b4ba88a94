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
join own on own.outlet_id = captures.outlet_id and (own.url = captures.url or own.capture_id = captures.capture_id)
where captures.kind = 'page'
order by captures.fetched_at, captures.capture_id
