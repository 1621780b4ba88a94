-- title:    First to report
-- question: Which outlets had the shared stories first, and how far behind were they when not?
-- grain:    a row an outlet
-- params:   start date = last - 13, end date = last
-- reads:    clusters, articles, outlets
-- method:   A shared story is a near-duplicate cluster with articles of at least two outlets; an outlet's
--           place in it is that of its earliest article. lead is how long the first one was alone.
with
members as (
    select clusters.cluster_id, clusters.outlet_id, min(clusters.lag) as lag
    from clusters
    join articles on articles.article_id = clusters.article_id
    -- Nobody is dated before the first one.
    where clusters.day >= $start
        and articles.day >= $start
        and articles.is_revision_of is null
        and clusters.cluster_id in (
            select cluster_id from clusters where is_first and day between $start and $end
        )
    group by clusters.cluster_id, clusters.outlet_id
),
ranked as (
    select
        cluster_id,
        outlet_id,
        lag,
        row_number() over (partition by cluster_id order by lag, outlet_id) as place,
        lead(lag) over (partition by cluster_id order by lag, outlet_id) - lag as alone,
        count(*) over (partition by cluster_id) as outlets
    from members
)
select
    coalesce(min(outlets.name), ranked.outlet_id) as outlet,
    count(*) as shared_stories,
    count(*) filter (place = 1) as first,
    round(count(*) filter (place = 1) / count(*), 4) as first_share,
    round(median(alone) filter (place = 1) / 3600, 2) as median_lead_hours,
    round(median(lag) filter (place > 1) / 3600, 2) as median_lag_hours
from ranked
left join outlets on outlets.outlet_id = ranked.outlet_id
where ranked.outlets >= 2
group by ranked.outlet_id
order by first desc, first_share desc, ranked.outlet_id
