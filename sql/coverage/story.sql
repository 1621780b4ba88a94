-- title:    One story
-- question: Which text is it, who had it first, and how far did it go?
-- grain:    one row; none where there is no such cluster
-- params:   cluster_id integer
-- reads:    clusters, articles, outlets
with
members as (
    select clusters.article_id, clusters.outlet_id, articles.title, articles.dated_at
    from clusters
    join articles on articles.day = clusters.day and articles.article_id = clusters.article_id
    where clusters.cluster_id = $cluster_id and articles.is_revision_of is null
),
spread as (
    select
        arg_min(title, (dated_at, article_id)) as title,
        arg_min(outlet_id, (dated_at, article_id)) as first_outlet_id,
        min(dated_at) as first_at,
        count(*) as articles,
        count(distinct outlet_id) as outlets
    from members
    having count(*) > 0
)
select
    $cluster_id as cluster_id,
    spread.title,
    spread.first_outlet_id,
    coalesce(outlets.name, spread.first_outlet_id) as first_outlet,
    spread.first_at,
    spread.articles,
    spread.outlets
from spread
left join outlets on outlets.outlet_id = spread.first_outlet_id
