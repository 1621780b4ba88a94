-- title:    Co-citation
-- question: Which sources are cited in the same articles more often than chance would have it?
-- grain:    a row a pair of sources
-- params:   start date = last - 13, end date = last, source varchar = null, least integer = 3,
--           top integer = 30
-- reads:    attributions, articles, daily_citations, sources
-- method:   Over articles, first states only, that cite an identified source. npmi is the normalised
--           pointwise mutual information ln(p(ab) / p(a) p(b)) / -ln p(ab): 0 by chance, 1 never one without
--           the other (Bouma 2009, Normalized (pointwise) mutual information in collocation extraction).
--           Pairs stand together in at least `least` articles: of rarer ones it says nothing.
with
revised as (
    select article_id
    from articles
    where day between $start and $end and is_revision_of is not null
),
-- numbered, since numbers are compared faster than names
counted as (
    select
        coalesce(source_id, source_name) as source_key,
        sum(articles)::bigint as articles,
        row_number() over (order by source_key)::integer as number
    from daily_citations
    where day between $start and $end and voice = 'identified'
    group by source_key
    having sum(articles) >= $least
),
named as materialized (
    select counted.*, coalesce(sources.name, counted.source_key) as source
    from counted
    left join sources on sources.source_id = counted.source_key
),
cited as (
    select attributions.article_id, counted.number
    from attributions
    anti join revised on revised.article_id = attributions.article_id
    left join counted on counted.source_key = coalesce(attributions.source_id, attributions.source_name)
    where attributions.day between $start and $end
        and (attributions.source_id is not null or attributions.source_name is not null)
),
kept as (
    select distinct article_id, number
    from cited
    where number is not null
),
pairs as (
    select one.number, other.number as other_number, count(*) as articles
    from kept one
    join kept other on other.article_id = one.article_id and other.number > one.number
    group by one.number, other.number
    having count(*) >= $least
),
weighed as (
    select
        one.source,
        other.source as other,
        one.source_key,
        other.source_key as other_key,
        pairs.articles,
        one.articles as source_articles,
        other.articles as other_articles,
        (select count(distinct article_id) from cited) as all_articles
    from pairs
    join named one on one.number = pairs.number
    join named other on other.number = pairs.other_number
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
