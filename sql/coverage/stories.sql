-- title:    Stories of a period
-- question: Which texts were run by most outlets, who had each first, and how soon did the others follow?
-- grain:    a row a cluster of at least two articles, most spread first; beside each row the number of all that fit
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null,
--           limit integer, offset integer
-- reads:    clusters, articles, attributions, outlets
-- method:   A cluster fits where one of its articles does; its numbers are of all its articles, first states only.
--           verbatim: copies with the same words as the first. median_lag_hours is of the copies, from the first.
with
touched as (
    select distinct clusters.cluster_id
    from clusters
    join fitting($start, $end, $outlets, $languages, $sources) kept
        on kept.day = clusters.day and kept.article_id = clusters.article_id
    where clusters.day between $start and $end
),
members as (
    select clusters.cluster_id, clusters.article_id, clusters.outlet_id, clusters.similarity, articles.dated_at, articles.day
    from clusters
    join articles on articles.day = clusters.day and articles.article_id = clusters.article_id
    where clusters.cluster_id in (select cluster_id from touched) and articles.is_revision_of is null
),
spread as (
    select
        cluster_id,
        arg_min(article_id, (dated_at, article_id)) as first_id,
        arg_min(outlet_id, (dated_at, article_id)) as first_outlet_id,
        arg_min(day, (dated_at, article_id)) as first_day,
        min(dated_at) as first_at,
        count(*) as articles,
        count(distinct outlet_id) as outlets
    from members
    group by cluster_id
    having count(*) > 1
),
page as (
    select *
    from spread
    order by outlets desc, articles desc, first_at desc, cluster_id
    limit $limit offset $offset
),
followed as (
    select
        members.cluster_id,
        count(*) filter (members.similarity >= 0.999) as verbatim,
        median(epoch(members.dated_at) - epoch(page.first_at)) / 3600 as median_lag_hours
    from members
    join page on page.cluster_id = members.cluster_id and page.first_id <> members.article_id
    group by members.cluster_id
),
shown as (
    select
        page.cluster_id,
        articles.title,
        page.first_outlet_id,
        coalesce(outlets.name, page.first_outlet_id) as first_outlet,
        page.first_at,
        page.articles,
        page.outlets,
        followed.verbatim,
        round(followed.median_lag_hours, 2) as median_lag_hours
    from page
    join articles on articles.day = page.first_day and articles.article_id = page.first_id
    join followed on followed.cluster_id = page.cluster_id
    left join outlets on outlets.outlet_id = page.first_outlet_id
)
select total.count, shown.*
from (select count(*) as count from spread) total
left join shown on true
order by shown.outlets desc, shown.articles desc, shown.first_at desc, shown.cluster_id
