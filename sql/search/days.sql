-- title:    What each day holds
-- question: Which days have changed since the index was written?
-- grain:    a row a day
-- reads:    articles, attributions
-- method:   Sums of hashes, over all that the index takes from the rows: they do not depend on their order.
with
told as (
    select
        day,
        count(*) as articles,
        sum(hash(article_id, page_id, outlet_id, language, epoch(dated_at)::bigint, url, text_digest)) as printed
    from articles
    group by day
),
said as (
    select day, sum(hash(article_id, source_id, source_name, parent_source_id)) as sources
    from attributions
    group by day
)
select told.day, concat_ws(':', told.articles, told.printed, coalesce(said.sources, 0)) as print
from told
left join said on said.day = told.day
order by told.day
