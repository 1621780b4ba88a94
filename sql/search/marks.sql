-- title:    What each article of some days is
-- question: Which articles of these days have changed since the index was written?
-- grain:    a row an article
-- params:   days date[]
-- reads:    articles, attributions
with
said as (
    select article_id, sum(hash(source_id, source_name, parent_source_id)) as sources
    from attributions
    where day in (select unnest($days))
    group by article_id
)
select
    articles.article_id,
    hash(
        articles.article_id, page_id, outlet_id, language, epoch(dated_at)::bigint, url, text_digest, said.sources
    ) as mark
from articles
left join said on said.article_id = articles.article_id
where articles.day in (select unnest($days))
order by articles.article_id
