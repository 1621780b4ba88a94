-- title:    Voice balance
-- question: How much of each outlet's reporting rests on sources that can be held to their word?
-- grain:    a row an outlet
-- params:   start date = last - 13, end date = last
-- reads:    daily_sources, outlets
-- method:   identified: named, or resolved to a name; anonymous: "a senior official"; unresolved: somebody
--           whom the text names in a way that we could not resolve. direct_share: in their own words.
with
voices as (
    select
        outlet_id,
        sum(attributions) as attributions,
        coalesce(sum(attributions) filter (voice = 'identified'), 0) as identified,
        coalesce(sum(attributions) filter (voice = 'anonymous'), 0) as anonymous,
        coalesce(sum(attributions) filter (voice = 'unresolved'), 0) as unresolved,
        sum(direct) as direct
    from daily_sources
    where day between $start and $end
    group by outlet_id
)
select
    coalesce(outlets.name, voices.outlet_id) as outlet,
    voices.attributions::bigint as attributions,
    round(voices.identified / voices.attributions, 4) as identified_share,
    round(voices.anonymous / voices.attributions, 4) as anonymous_share,
    round(voices.unresolved / voices.attributions, 4) as unresolved_share,
    round(voices.direct / voices.attributions, 4) as direct_share
from voices
left join outlets on outlets.outlet_id = voices.outlet_id
order by anonymous_share desc, voices.outlet_id
