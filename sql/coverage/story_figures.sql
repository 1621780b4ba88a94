-- title:    A story's figures
-- question: Which numbers do the story's articles give, from whom, and in how many outlets?
-- grain:    a row a thing counted, qualifier, value, period and source
-- params:   cluster_id integer, top integer = 100
-- reads:    clusters, articles, figures, attributions, sources
with
members as (
    select clusters.article_id, clusters.outlet_id, clusters.day
    from clusters
    join articles on articles.day = clusters.day and articles.article_id = clusters.article_id
    where clusters.cluster_id = $cluster_id and articles.is_revision_of is null
),
given as (
    select
        lower(figures.counted) as counted,
        figures.qualifier,
        figures.value,
        figures.period,
        source_key(attributions.source_id, attributions.source_name) as source_key,
        coalesce(sources.name, attributions.source_name, attributions.source_surface) as source_name,
        members.outlet_id,
        members.article_id
    from members
    join figures on figures.article_id = members.article_id
    left join attributions on attributions.day = members.day and attributions.attribution_id = figures.attribution_id
    left join sources on sources.source_id = attributions.source_id
)
select
    counted,
    qualifier,
    value,
    period,
    source_key,
    source_name,
    count(distinct outlet_id) as outlets,
    count(distinct article_id) as articles
from given
group by counted, qualifier, value, period, source_key, source_name
order by articles desc, counted, value, qualifier, period, source_name
limit $top
