-- title:    One source
-- question: Who is it?
-- grain:    one row; none where nobody of that key was ever cited or registered
-- params:   source_id varchar = null, source_name varchar = null
-- reads:    sources, daily_sources
-- method:   By its id in the registry, or one that it once had; outside of it, by its printed name.
select
    sources.source_id as source_key,
    sources.name as source_name,
    sources.kind,
    sources.parent_id as parent_key,
    parent.name as parent_name,
    sources.country,
    coalesce(sources.aliases, []) as aliases,
    sources.wikidata
from sources
left join sources parent on parent.source_id = sources.parent_id
where sources.source_id = $source_id
union all
select $source_id, $source_id, null, null, null, null, [], null
where not exists (from sources where source_id = $source_id)
    and exists (from daily_sources where source_id = $source_id)
union all
select 'name:' || $source_name, $source_name, null, null, null, null, [], null
where exists (from daily_sources where source_id is null and source_name = $source_name)
