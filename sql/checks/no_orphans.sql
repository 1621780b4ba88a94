-- title:    Nothing hangs on an article that is not there
-- question: Which rows name an article, capture, attribution or outlet that does not exist?
-- grain:    a row a table and missing id
-- severity: error
-- params:   start timestamp, end timestamp
-- reads:    articles, captures, attributions, mentions, figures, authors, clusters, outlets, unchecked
-- method:   Of the days that the interval's articles are of, those that its loads touched, and its own. Asked of an
--           interval of all time it looks at everything, which maintenance does.
with
touched as (
    select article_id, capture_id, outlet_id, is_revision_of, day
    from articles
    where interval_start >= $start and interval_start < $end
),
touched_days as (
    select day from touched
    union
    select day from unchecked where interval_start >= $start and interval_end <= $end and day is not null
    union
    select cast(unnest(generate_series(cast($start as date), cast($end as date), interval 1 day)) as date)
),
known as (select article_id from articles where day in (select day from touched_days)),
stated as (
    select attribution_id, article_id, inside_id from attributions where day in (select day from touched_days)
),
counted as (
    select article_id, attribution_id from figures where day in (select day from touched_days)
),
clustered as (
    select cluster_id, article_id from clusters where day in (select day from touched_days)
),
missing as (
    select 'articles.capture_id' as reference, capture_id::varchar as id
    from touched
    where not exists (from captures where captures.capture_id = touched.capture_id)
    union all
    select 'articles.outlet_id', outlet_id
    from touched
    where outlet_id not in (select outlet_id from outlets)
    union all
    select 'articles.is_revision_of', is_revision_of::varchar
    from touched
    where is_revision_of is not null
        and not exists (from articles where articles.article_id = touched.is_revision_of)
    union all
    select 'attributions.article_id', article_id::varchar
    from stated
    where article_id not in (select article_id from known)
    union all
    select 'attributions.inside_id', inside_id::varchar
    from stated
    where inside_id is not null and inside_id not in (select attribution_id from stated)
    union all
    select 'mentions.article_id', article_id::varchar
    from mentions
    where day in (select day from touched_days) and article_id not in (select article_id from known)
    union all
    select 'figures.article_id', article_id::varchar
    from counted
    where article_id not in (select article_id from known)
    union all
    select 'figures.attribution_id', attribution_id::varchar
    from counted
    where attribution_id is not null and attribution_id not in (select attribution_id from stated)
    union all
    select 'authors.article_id', article_id::varchar
    from authors
    where article_id not in (select article_id from articles)
    union all
    select 'clusters.article_id', article_id::varchar
    from clustered
    where article_id not in (select article_id from known)
    union all
    select 'clusters.cluster_id', cluster_id::varchar
    from clustered
    where not exists (from articles where articles.article_id = clustered.cluster_id)
)
select reference, id, count(*) as rows
from missing
group by reference, id
order by reference, id
