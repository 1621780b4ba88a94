-- title:    No article stands in the tables twice
-- question: Which articles, or states of a page with the same text, are there more than once?
-- grain:    a row a doubled article
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    articles
with
touched as (
    select article_id, page_id
    from articles
    where interval_start >= $start and interval_start < $end
),
known as (
    select article_id, page_id, text_digest, outlet_id, canonical_url
    from articles
    where article_id in (select article_id from touched) or page_id in (select page_id from touched)
),
doubled_ids as (
    select article_id, outlet_id, canonical_url, 'same bytes' as doubled
    from known
    group by article_id, outlet_id, canonical_url
    having count(*) > 1
),
doubled_texts as (
    select min(article_id) as article_id, outlet_id, canonical_url, 'same text' as doubled
    from known
    group by page_id, text_digest, outlet_id, canonical_url
    having count(*) > 1
)
select article_id, outlet_id, canonical_url, doubled from doubled_ids
union all
select article_id, outlet_id, canonical_url, doubled from doubled_texts
order by article_id, doubled
