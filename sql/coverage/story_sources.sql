-- title:    A story's sources
-- question: Whom do the story's articles cite?
-- grain:    a row a source
-- params:   cluster_id integer, top integer = 50
-- reads:    clusters, articles, attributions, sources
with
members as (
    select clusters.article_id, clusters.day
    from clusters
    join articles on articles.day = clusters.day and articles.article_id = clusters.article_id
    where clusters.cluster_id = $cluster_id and articles.is_revision_of is null
)
select
    source_key(attributions.source_id, attributions.source_name) as source_key,
    min(coalesce(sources.name, attributions.source_name)) as source_name,
    count(*) as attributions
from attributions
join members on members.day = attributions.day and members.article_id = attributions.article_id
left join sources on sources.source_id = attributions.source_id
where attributions.source_id is not null or attributions.source_name is not null
group by source_key(attributions.source_id, attributions.source_name)
order by attributions desc, source_key
limit $top
