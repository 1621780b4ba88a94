-- title:    Who is cited and not in the registry
-- question: Which names and descriptions of sources has catalog/sources.toml no actor for, how often, where?
-- grain:    a row a name that is no actor's, or a description that nobody was found for
-- reads:    attributions
with
open as (
    select
        source_name is not null as is_named,
        case when source_name is not null then source_name else lower(source_surface) end as surface,
        *
    from attributions
    where source_id is null
        and coalesce(source_name, source_surface) is not null
        and source_kind in ('named', 'role', 'organisation', 'outlet')
)
select
    surface,
    is_named,
    mode(source_kind) as source_kind,
    mode(parent_source_id) as parent_source_id,
    count(*) as statements,
    count(distinct article_id) as articles,
    count(distinct outlet_id) as outlets,
    min(day) as first_day,
    max(day) as last_day,
    arg_min(attribution_id, (day, attribution_id)) as attribution_id,
    arg_min(sentence, (day, attribution_id)) as sentence
from open
group by surface, is_named
order by statements desc, articles desc, surface
