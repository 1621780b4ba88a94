-- title:    What the index takes of an article
-- question: Which words, sources and facts is an article found by?
-- grain:    a row an article
-- params:   days date[]
-- reads:    articles, attributions, wanted
-- method:   wanted holds the ids and marks of the articles to take up. Its sources are all that are
--           identified in it, and whom they speak for.
with
said as (
    select
        attributions.article_id,
        list(distinct attributions.source_id order by attributions.source_id) as source_ids,
        list(distinct attributions.parent_source_id order by attributions.parent_source_id) as parent_ids,
        list(distinct attributions.source_name order by attributions.source_name) as source_names
    from attributions
    join wanted on wanted.article_id = attributions.article_id
    where attributions.day in (select unnest($days))
    group by attributions.article_id
)
select
    articles.article_id,
    wanted.mark,
    articles.page_id,
    articles.outlet_id,
    articles.language,
    epoch(articles.dated_at)::bigint as dated,
    articles.url,
    articles.title,
    articles.body,
    list_sort(list_distinct(list_filter(
        list_concat(said.source_ids, said.parent_ids), lambda source_id: source_id is not null
    ))) as source_ids,
    list_filter(said.source_names, lambda name: name is not null) as source_names
from articles
join wanted on wanted.article_id = articles.article_id
left join said on said.article_id = articles.article_id
where articles.day in (select unnest($days))
