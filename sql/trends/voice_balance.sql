-- title:    Voice balance
-- question: Who speaks in each outlet, officials, experts, ordinary people, and can they be held to their word?
-- grain:    a row an outlet
-- params:   start date = last - 13, end date = last
-- reads:    daily_voices, sources, outlets
-- method:   What sources are adds up to one. By the registry: state_media, owned or run by a state; official,
--           an institution or place, or who speaks for one; ngo, or who speaks for one. Of all others by the
--           English words that name them: official ("the minister", not "ministered"), expert ("an
--           analyst", not "analysis"), civilian ("residents", not "residential"); other is the rest, most of
--           it people named without what they are. How they are named is another matter: identified, by a
--           name or resolved to one; anonymous, "a senior official"; unresolved, somebody whom the text names
--           in a way that we could not resolve. direct: in their own words.
with
known as materialized (select source_id, kind, affiliation, parent_id from sources),
stated as (
    select
        daily_voices.outlet_id,
        case
            when 'state' in (own.affiliation, parent.affiliation) then 'state_media'
            when 'ngo' in (own.kind, parent.kind) then 'ngo'
            when own.kind in ('institution', 'place') or parent.kind in ('institution', 'place') then 'official'
            else coalesce(described_as, 'other')
        end as speaker,
        voice,
        attributions,
        direct
    from daily_voices
    left join known own on own.source_id = daily_voices.source_id
    left join known parent on parent.source_id = coalesce(daily_voices.parent_source_id, own.parent_id)
    where daily_voices.day between $start and $end
),
counted as (
    select
        outlet_id,
        sum(attributions)::bigint as attributions,
        coalesce(sum(attributions) filter (speaker = 'official'), 0) as official,
        coalesce(sum(attributions) filter (speaker = 'state_media'), 0) as state_media,
        coalesce(sum(attributions) filter (speaker = 'ngo'), 0) as ngo,
        coalesce(sum(attributions) filter (speaker = 'expert'), 0) as expert,
        coalesce(sum(attributions) filter (speaker = 'civilian'), 0) as civilian,
        coalesce(sum(attributions) filter (speaker = 'other'), 0) as other,
        coalesce(sum(attributions) filter (voice = 'identified'), 0) as identified,
        coalesce(sum(attributions) filter (voice = 'anonymous'), 0) as anonymous,
        coalesce(sum(attributions) filter (voice = 'unresolved'), 0) as unresolved,
        sum(direct) as direct
    from stated
    group by outlet_id
)
select
    coalesce(outlets.name, counted.outlet_id) as outlet,
    attributions,
    round(official / attributions, 4) as official,
    round(state_media / attributions, 4) as state_media,
    round(ngo / attributions, 4) as ngo,
    round(expert / attributions, 4) as expert,
    round(civilian / attributions, 4) as civilian,
    round(other / attributions, 4) as other,
    round(identified / attributions, 4) as identified,
    round(anonymous / attributions, 4) as anonymous,
    round(unresolved / attributions, 4) as unresolved,
    round(direct / attributions, 4) as direct
from counted
left join outlets on outlets.outlet_id = counted.outlet_id
order by counted.anonymous / counted.attributions desc, counted.outlet_id
