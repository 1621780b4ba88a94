-- title:    Cited beside a source
-- question: Which sources stand in the same articles as the source more often than chance would have it?
-- grain:    a row another source
-- params:   source_id varchar = null, source_name varchar = null, start date, end date,
--           outlets varchar[] = null, languages varchar[] = null, least integer = 2, top integer = 20
-- reads:    attributions, articles, daily_citations, daily_sources, daily_outlets, sources
-- method:   npmi over all articles of the period, with a source or without: 0 by chance, 1 never one without the
--           other (Bouma 2009). Pairs stand together in at least `least` articles.
with
own as (
    select distinct attributions.day, attributions.article_id
    from attributions
    join articles on articles.day = attributions.day and articles.article_id = attributions.article_id
    where attributions.day between $start and $end
        and articles.day between $start and $end
        and articles.is_revision_of is null
        and ($source_id is null or attributions.source_id = $source_id)
        and ($source_name is null or (attributions.source_id is null and attributions.source_name = $source_name))
        and ($outlets is null or list_contains($outlets, attributions.outlet_id))
        and ($languages is null or list_contains($languages, articles.language))
),
said as (
    select
        attributions.article_id,
        attributions.source_id,
        case when attributions.source_id is null then attributions.source_name end as source_name
    from attributions
    join own on own.day = attributions.day and own.article_id = attributions.article_id
    where attributions.day between $start and $end
        and (attributions.source_id is not null or attributions.source_name is not null)
),
beside as (
    select
        source_key(source_id, source_name) as source_key,
        source_id,
        source_name,
        count(distinct article_id) as articles
    from said
    where source_key(source_id, source_name) <> source_key($source_id, $source_name)
    group by source_id, source_name
    having count(distinct article_id) >= $least
),
everyone as (
    select source_key(source_id, source_name) as source_key, sum(articles) as articles
    from citations($start, $end, $outlets, $languages, null)
    group by source_id, source_name
),
weighed as (
    select
        beside.*,
        everyone.articles as other_articles,
        (select count(*) from own) as own_articles,
        (select sum(articles) from output($start, $end, $outlets, $languages, null)) as all_articles
    from beside
    join everyone on everyone.source_key = beside.source_key
)
select
    weighed.source_key,
    coalesce(sources.name, weighed.source_name, weighed.source_id) as source_name,
    weighed.articles,
    round(case
        when weighed.articles = all_articles then 1
        else ln(weighed.articles * all_articles / (own_articles * other_articles)) / ln(all_articles / weighed.articles)
    end, 4) as npmi
from weighed
left join sources on sources.source_id = weighed.source_id
order by npmi desc, weighed.articles desc, weighed.source_key
limit $top
