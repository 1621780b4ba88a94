-- title:    Voice balance
-- question: Who speaks in each outlet, officials, experts, ordinary people, and can they be held to their word?
-- grain:    a row an outlet
-- params:   start date = last - 13, end date = last
-- reads:    attributions, articles, sources, outlets
-- method:   What sources are adds up to one. By the registry: state_media, owned or run by a state; official,
--           an institution or place, or who speaks for one; ngo, or who speaks for one. Of all others by the
--           English words that name them: official ("the minister", not "ministered"), expert ("an
--           analyst", not "analysis"), civilian ("residents", not "residential"); other is the rest, most of
--           it people named without what they are. How they are named is another matter: identified, by a
--           name or resolved to one; anonymous, "a senior official"; unresolved, somebody whom the text names
--           in a way that we could not resolve. direct: in their own words.
with
stated as (
    select
        attributions.outlet_id,
        attributions.source_surface,
        attributions.kind = 'direct' as is_direct,
        attributions.source_id is not null or attributions.source_name is not null as is_identified,
        attributions.source_kind = 'anonymous' as is_anonymous,
        'state' in (own.affiliation, parent.affiliation) as is_state,
        coalesce(own.kind in ('institution', 'place') or parent.kind in ('institution', 'place'), false) as is_office,
        coalesce('ngo' in (own.kind, parent.kind), false) as is_ngo
    from attributions
    join articles on articles.article_id = attributions.article_id
    left join sources own on own.source_id = attributions.source_id
    left join sources parent on parent.source_id = coalesce(attributions.parent_source_id, own.parent_id)
    where attributions.day between $start and $end
        and articles.day between $start and $end
        and articles.is_revision_of is null
),
sorted as (
    select
        *,
        case
            when is_state then 'state_media'
            when is_ngo then 'ngo'
            when is_office then 'official'
            when regexp_matches(source_surface, '\b(analysts?|experts?|professors?|researchers?|scholars?|scientists?|economists?|historians?|arch(a)?eologists?|academics?)\b', 'i') then 'expert'
            when regexp_matches(source_surface, '\b(residents?|(eye)?witness(es)?|survivors?|villagers?|refugees?|migrants?|civilians?|passengers?|neighbou?rs?|mothers?|fathers?|students?|shopkeepers?|farmers?|activists?|families|relatives?)\b', 'i') then 'civilian'
            when regexp_matches(source_surface, '\b(ministers?|ministry|ministries|government|president|officials?|authorities|police|army|military|commanders?|generals?|colonels?|ambassadors?|diplomats?|governors?|mayors?|senators?|judges?|prosecutors?|courts?)\b', 'i') then 'official'
            else 'other'
        end as voice
    from stated
)
select
    coalesce(min(outlets.name), sorted.outlet_id) as outlet,
    count(*) as attributions,
    round(avg((voice = 'official')::integer), 4) as official,
    round(avg((voice = 'state_media')::integer), 4) as state_media,
    round(avg((voice = 'ngo')::integer), 4) as ngo,
    round(avg((voice = 'expert')::integer), 4) as expert,
    round(avg((voice = 'civilian')::integer), 4) as civilian,
    round(avg((voice = 'other')::integer), 4) as other,
    round(avg(is_identified::integer), 4) as identified,
    round(avg((not is_identified and is_anonymous)::integer), 4) as anonymous,
    round(avg((not is_identified and not is_anonymous)::integer), 4) as unresolved,
    round(avg(is_direct::integer), 4) as direct
from sorted
left join outlets on outlets.outlet_id = sorted.outlet_id
group by sorted.outlet_id
order by anonymous desc, sorted.outlet_id
