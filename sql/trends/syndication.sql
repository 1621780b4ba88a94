-- title:    Syndication
-- question: Who runs whose copy, how soon, and how much of its output is that?
-- grain:    a row a pair of outlets: the one that had the text first, and one that had it later
-- params:   start date = last - 13, end date = last, similarity double = 0.5, top integer = 30
-- reads:    clusters, articles, daily_outlets, outlets
-- method:   Copies are articles in a near-duplicate cluster whose first article is another outlet's, at
--           least as similar to it as asked. verbatim: the same words. share is of all articles of the
--           later outlet in the period. Being first in time does not prove where a text comes from.
with
named as materialized (select outlet_id, name from outlets),
copies as (
    select
        leader.outlet_id as first_outlet_id,
        clusters.outlet_id,
        clusters.similarity,
        clusters.lag
    from clusters
    join clusters leader on leader.cluster_id = clusters.cluster_id and leader.is_first
    join articles on articles.article_id = clusters.article_id
    where clusters.day between $start and $end
        and articles.day between $start and $end
        and not clusters.is_first
        and clusters.outlet_id <> leader.outlet_id
        and clusters.similarity >= $similarity
        and articles.is_revision_of is null
),
output as (
    select outlet_id, sum(articles) as articles
    from daily_outlets
    where day between $start and $end
    group by outlet_id
),
pairs as (
    select
        first_outlet_id,
        outlet_id,
        count(*) as copies,
        count(*) filter (similarity >= 0.999) as verbatim,
        median(lag) / 3600 as median_lag_hours
    from copies
    group by first_outlet_id, outlet_id
)
select
    coalesce(earlier.name, pairs.first_outlet_id) as first_outlet,
    coalesce(later.name, pairs.outlet_id) as outlet,
    pairs.copies,
    pairs.verbatim,
    round(pairs.median_lag_hours, 2) as median_lag_hours,
    round(pairs.copies / output.articles, 4) as share
from pairs
join output on output.outlet_id = pairs.outlet_id
left join named earlier on earlier.outlet_id = pairs.first_outlet_id
left join named later on later.outlet_id = pairs.outlet_id
order by pairs.copies desc, pairs.first_outlet_id, pairs.outlet_id
limit $top
