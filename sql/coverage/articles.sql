-- title:    Articles of a period
-- question: Which articles fit, what do they cite, and are there copies of them?
-- grain:    a row an article, first states only, newest first; beside each row the number of all that fit
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null,
--           limit integer, offset integer
-- reads:    articles, attributions, clusters, outlets
-- method:   copies are the other articles of its cluster, first states only.
with
matched as (
    select article_id, day, dated_at
    from fitting($start, $end, $outlets, $languages, $sources)
),
page as (
    select *
    from matched
    order by dated_at desc, article_id
    limit $limit offset $offset
),
said as (
    select attributions.article_id, count(*) as attributions
    from attributions
    join page on page.day = attributions.day and page.article_id = attributions.article_id
    group by attributions.article_id
),
own as (
    select clusters.article_id, clusters.cluster_id
    from clusters
    join page on page.day = clusters.day and page.article_id = clusters.article_id
),
spread as (
    select clusters.cluster_id, count(*) - 1 as copies
    from clusters
    join articles on articles.day = clusters.day and articles.article_id = clusters.article_id
    where clusters.cluster_id in (select cluster_id from own) and articles.is_revision_of is null
    group by clusters.cluster_id
),
shown as (
    select
        articles.article_id,
        articles.published_at,
        articles.outlet_id,
        coalesce(outlets.name, articles.outlet_id) as outlet,
        articles.title,
        articles.byline,
        articles.wire_credit,
        articles.language,
        articles.word_count,
        coalesce(said.attributions, 0) as attributions,
        own.cluster_id,
        coalesce(spread.copies, 0) as copies,
        page.dated_at
    from page
    join articles on articles.day = page.day and articles.article_id = page.article_id
    left join outlets on outlets.outlet_id = articles.outlet_id
    left join said on said.article_id = page.article_id
    left join own on own.article_id = page.article_id
    left join spread on spread.cluster_id = own.cluster_id
)
select total.count, shown.* exclude (dated_at)
from (select count(*) as count from matched) total
left join shown on true
order by shown.dated_at desc, shown.article_id
