-- title:    Reporting verbs
-- question: With which words are a source's statements reported: said, claimed, admitted?
-- grain:    a row an outlet and cue
-- params:   start date = last - 13, end date = last, outlet varchar = null, source varchar = null,
--           top integer = 30
-- reads:    attributions, articles, outlets, sources
-- method:   Cues in lower case as printed. share is of the outlet's attributions that have a cue; lean is
--           that share over the cue's share in all outlets together.
with
stated as (
    select attributions.outlet_id, lower(attributions.cue) as cue
    from attributions
    join articles on articles.article_id = attributions.article_id
    left join sources on sources.source_id = attributions.source_id
    where attributions.day between $start and $end
        and articles.day between $start and $end
        and articles.is_revision_of is null
        and attributions.cue is not null
        and (
            $source is null
            or attributions.source_id = $source
            or attributions.source_name = $source
            or sources.name = $source
        )
),
counted as (
    select outlet_id, cue, count(*) as attributions
    from stated
    group by outlet_id, cue
),
weighed as (
    select
        *,
        attributions / sum(attributions) over (partition by outlet_id) as share,
        sum(attributions) over (partition by cue) / sum(attributions) over () as common_share
    from counted
)
select
    coalesce(outlets.name, weighed.outlet_id) as outlet,
    weighed.cue,
    weighed.attributions,
    round(weighed.share, 4) as share,
    round(weighed.share / weighed.common_share, 2) as lean
from weighed
left join outlets on outlets.outlet_id = weighed.outlet_id
where $outlet is null or weighed.outlet_id = $outlet
order by weighed.attributions desc, weighed.outlet_id, weighed.cue
limit $top
