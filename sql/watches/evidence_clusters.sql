-- title:    A story and its copies
-- question: Which articles are the first of a cluster and its copies?
-- grain:    a row an article
-- params:   subject varchar, top integer = 5
-- reads:    clusters, articles, outlets
select
    clusters.article_id,
    coalesce(outlets.name, clusters.outlet_id) as outlet,
    articles.title,
    articles.url,
    coalesce(articles.title, '') as sentence
from clusters
join articles on articles.article_id = clusters.article_id
left join outlets on outlets.outlet_id = clusters.outlet_id
where clusters.cluster_id = cast($subject as bigint) and articles.is_revision_of is null
order by clusters.is_first desc, articles.dated_at, clusters.article_id
limit $top
