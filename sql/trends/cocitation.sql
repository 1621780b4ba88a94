-- title:    Co-citation
-- question: Which sources are cited in the same articles more often than chance would have it?
-- grain:    a row a pair of sources
-- params:   start date = last - 13, end date = last, source varchar = null, least integer = 3,
--           top integer = 30
-- reads:    attributions, articles, sources
-- method:   Over articles, first states only, that cite an identified source. npmi is the normalised
--           pointwise mutual information ln(p(ab) / p(a) p(b)) / -ln p(ab): 0 by chance, 1 never one without
--           the other (Bouma 2009, Normalized (pointwise) mutual information in collocation extraction).
--           Pairs stand together in at least `least` articles: of rarer ones it says nothing.
with
cited as (
    select distinct
        attributions.article_id,
        coalesce(attributions.source_id, attributions.source_name) as source_key
    from attributions
    join articles on articles.article_id = attributions.article_id
    where attributions.day between $start and $end
        and articles.day between $start and $end
        and articles.is_revision_of is null
        and (attributions.source_id is not null or attributions.source_name is not null)
),
counted as (
    select source_key, count(*) as articles
    from cited
    group by source_key
    having count(*) >= $least
),
kept as (
    select article_id, source_key
    from cited
    where source_key in (select source_key from counted)
),
pairs as (
    select one.source_key, other.source_key as other_key, count(*) as articles
    from kept one
    join kept other on other.article_id = one.article_id and other.source_key > one.source_key
    group by one.source_key, other.source_key
    having count(*) >= $least
),
weighed as (
    select
        coalesce(one_source.name, pairs.source_key) as source,
        coalesce(other_source.name, pairs.other_key) as other,
        pairs.source_key,
        pairs.other_key,
        pairs.articles,
        one.articles as source_articles,
        other.articles as other_articles,
        (select count(distinct article_id) from cited) as all_articles
    from pairs
    join counted one on one.source_key = pairs.source_key
    join counted other on other.source_key = pairs.other_key
    left join sources one_source on one_source.source_id = pairs.source_key
    left join sources other_source on other_source.source_id = pairs.other_key
)
select
    source,
    other,
    articles,
    source_articles,
    other_articles,
    round(case
        when articles = all_articles then 1
        else ln(articles * all_articles / (source_articles * other_articles)) / ln(all_articles / articles)
    end, 4) as npmi
from weighed
where $source is null or $source in (source_key, other_key, source, other)
order by npmi desc, articles desc, source_key, other_key
limit $top
