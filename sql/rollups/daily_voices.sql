-- title:    what kinds of people each outlet let speak on a day
-- question: Who spoke in each outlet on the touched days, by the registry and by the words that name them?
-- grain:    a row a day, outlet, source, institution, description and voice
-- reads:    attributions, articles, touched_days
-- method:   English words: official ("the minister", not "ministered"), expert ("an analyst", not "analysis"),
--           civilian ("residents", not "residential").
with
counted as (
    select article_id
    from articles
    where day in (select day from touched_days) and is_revision_of is null
)
select
    day,
    outlet_id,
    source_id,
    parent_source_id,
    case
        when regexp_matches(source_surface, '\b(analysts?|experts?|professors?|researchers?|scholars?|scientists?|economists?|historians?|arch(a)?eologists?|academics?)\b', 'i') then 'expert'
        when regexp_matches(source_surface, '\b(residents?|(eye)?witness(es)?|survivors?|villagers?|refugees?|migrants?|civilians?|passengers?|neighbou?rs?|mothers?|fathers?|students?|shopkeepers?|farmers?|activists?|families|relatives?)\b', 'i') then 'civilian'
        when regexp_matches(source_surface, '\b(ministers?|ministry|ministries|government|president|officials?|authorities|police|army|military|commanders?|generals?|colonels?|ambassadors?|diplomats?|governors?|mayors?|senators?|judges?|prosecutors?|courts?)\b', 'i') then 'official'
    end as described_as,
    case
        when source_id is not null or source_name is not null then 'identified'
        when source_kind = 'anonymous' then 'anonymous'
        else 'unresolved'
    end as voice,
    count(*) as attributions,
    count(*) filter (kind = 'direct') as direct
from attributions
where day in (select day from touched_days) and article_id in (select article_id from counted)
group by all
order by all
