-- title:    Nothing hangs on an article that is not there
-- question: Which rows name an article, capture, attribution or outlet that does not exist?
-- grain:    a row a table and missing id
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    articles, captures, attributions, mentions, figures, authors, clusters, outlets
with
touched as (
    select article_id, capture_id, outlet_id, is_revision_of
    from articles
    where interval_start >= $start and interval_start < $end
),
missing as (
    select 'articles.capture_id' as reference, capture_id::varchar as id
    from touched
    where capture_id not in (select capture_id from captures)
    union all
    select 'articles.outlet_id', outlet_id
    from touched
    where outlet_id not in (select outlet_id from outlets)
    union all
    select 'articles.is_revision_of', is_revision_of::varchar
    from touched
    where is_revision_of is not null and is_revision_of not in (select article_id from articles)
    union all
    select 'attributions.article_id', article_id::varchar
    from attributions
    where article_id not in (select article_id from articles)
    union all
    select 'attributions.inside_id', inside_id::varchar
    from attributions
    where inside_id is not null and inside_id not in (select attribution_id from attributions)
    union all
    select 'mentions.article_id', article_id::varchar
    from mentions
    where article_id not in (select article_id from articles)
    union all
    select 'figures.article_id', article_id::varchar
    from figures
    where article_id not in (select article_id from articles)
    union all
    select 'figures.attribution_id', attribution_id::varchar
    from figures
    where attribution_id is not null and attribution_id not in (select attribution_id from attributions)
    union all
    select 'authors.article_id', article_id::varchar
    from authors
    where article_id not in (select article_id from articles)
    union all
    select 'clusters.article_id', article_id::varchar
    from clusters
    where article_id not in (select article_id from articles)
    union all
    select 'clusters.cluster_id', cluster_id::varchar
    from clusters
    where cluster_id not in (select article_id from articles)
)
select reference, id, count(*) as rows
from missing
group by reference, id
order by reference, id
