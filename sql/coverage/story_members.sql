-- title:    A story's articles
-- question: Who ran the text, how long after the first, and how much of it is their own?
-- grain:    a row an article, first states only, in the order of their dates
-- params:   cluster_id integer
-- reads:    clusters, articles, outlets
-- method:   similarity is the share of four-word shingles in common with the cluster's first article, own_share the
--           share that the first does not have; both estimated.
with
members as (
    select
        clusters.article_id,
        clusters.outlet_id,
        articles.title,
        articles.published_at,
        articles.dated_at,
        clusters.similarity,
        clusters.own_share,
        articles.wire_credit
    from clusters
    join articles on articles.day = clusters.day and articles.article_id = clusters.article_id
    where clusters.cluster_id = $cluster_id and articles.is_revision_of is null
)
select
    members.article_id,
    members.outlet_id,
    coalesce(outlets.name, members.outlet_id) as outlet,
    members.title,
    members.published_at,
    round((epoch(members.dated_at) - epoch(min(members.dated_at) over ())) / 60, 1) as lag_minutes,
    round(members.similarity, 4) as similarity,
    round(members.own_share, 4) as own_share,
    row_number() over (order by members.dated_at, members.article_id) = 1 as is_first,
    members.wire_credit
from members
left join outlets on outlets.outlet_id = members.outlet_id
order by members.dated_at, members.article_id
