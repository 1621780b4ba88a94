-- title:    Geography
-- question: Which countries are written about, and which of them are given a voice?
-- grain:    a row a country
-- params:   start date = last - 13, end date = last, outlet varchar = null, least integer = 1,
--           top integer = 40
-- reads:    mentions, articles, attributions, sources, outlets
-- method:   Countries as in the registry: of the places that articles name, and of the sources that they
--           cite, both counted in articles, first states only. voice is citing articles over naming ones:
--           near 0 a country is talked about and not heard; it can be over 1, as people speak in articles
--           that do not name their country. own: citing articles of outlets of that country.
with
counted as materialized (
    select articles.article_id, articles.outlet_id
    from articles
    where articles.day between $start and $end
        and articles.is_revision_of is null
        and ($outlet is null or articles.outlet_id = $outlet)
),
placed as materialized (
    select source_id, country
    from sources
    where country is not null
),
named as (
    select placed.country, count(distinct mentions.article_id) as naming
    from mentions
    join counted on counted.article_id = mentions.article_id
    join placed on placed.source_id = mentions.source_id
    where mentions.day between $start and $end and mentions.kind = 'place'
    group by placed.country
),
voiced as (
    select
        placed.country,
        count(distinct attributions.article_id) as citing,
        count(distinct attributions.article_id) filter (outlets.country = placed.country) as own,
        count(distinct attributions.source_id) as sources
    from attributions
    join counted on counted.article_id = attributions.article_id
    join placed on placed.source_id = attributions.source_id
    left join outlets on outlets.outlet_id = counted.outlet_id
    where attributions.day between $start and $end
    group by placed.country
)
select
    coalesce(named.country, voiced.country) as country,
    coalesce(named.naming, 0) as naming,
    coalesce(voiced.citing, 0) as citing,
    round(coalesce(voiced.citing, 0) / named.naming, 4) as voice,
    coalesce(voiced.sources, 0) as sources,
    coalesce(voiced.own, 0) as own
from named
full join voiced on voiced.country = named.country
where coalesce(named.naming, 0) >= $least or coalesce(voiced.citing, 0) >= $least
order by greatest(coalesce(named.naming, 0), coalesce(voiced.citing, 0)) desc, country
limit $top
