-- title:    Copies of a story
-- question: Which stories got a copy on these days, and how many copies have they?
-- grain:    a row a cluster of near-duplicates
-- params:   start date = last, end date = last, outlets varchar[] = null
-- reads:    clusters, articles
-- method:   Copies in other outlets than the first, of first states of pages. outlets: those whose copy is copied.
with
touched as (
    select distinct cluster_id
    from clusters
    where day between $start and $end
),
members as (
    select clusters.cluster_id, clusters.article_id, clusters.outlet_id, clusters.is_first, articles.day, articles.title
    from clusters
    join touched on touched.cluster_id = clusters.cluster_id
    join articles on articles.article_id = clusters.article_id
    where articles.is_revision_of is null
),
leaders as (
    select cluster_id, outlet_id, day, title
    from members
    where is_first and ($outlets::varchar[] is null or list_contains($outlets::varchar[], outlet_id))
)
select
    cast(leaders.cluster_id as varchar) as subject,
    coalesce(leaders.title, 'without a title') as name,
    leaders.day,
    count(*) as value,
    count(distinct members.outlet_id) as count,
    list(members.article_id order by members.article_id) as members
from leaders
join members on members.cluster_id = leaders.cluster_id and members.outlet_id <> leaders.outlet_id
group by leaders.cluster_id, leaders.day, leaders.title
order by leaders.day, subject
