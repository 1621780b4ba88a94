-- title:    An article's story
-- question: In which cluster of copies does the article stand, and with how many?
-- grain:    one row; none where it has no copy
-- params:   article_id integer, day date
-- reads:    clusters, articles
with
own as (
    select cluster_id
    from clusters
    where clusters.day = $day and clusters.article_id = $article_id
)
select clusters.cluster_id, count(*) as articles
from clusters
join own on own.cluster_id = clusters.cluster_id
join articles on articles.day = clusters.day and articles.article_id = clusters.article_id
where articles.is_revision_of is null
group by clusters.cluster_id
having count(*) > 1
