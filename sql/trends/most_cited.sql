-- title:    Most cited sources
-- question: Whom do articles cite most?
-- grain:    a row a source
-- params:   start date = last - 13, end date = last, top integer = 20
-- reads:    daily_sources, sources
-- method:   identified sources only; one that is not in the registry goes by its name as resolved
with
cited as (
    select
        source_id,
        source_name,
        sum(attributions)::bigint as attributions,
        sum(direct)::bigint as direct,
        count(distinct outlet_id) as outlets
    from daily_sources
    where day between $start and $end and voice = 'identified'
    group by source_id, source_name
)
select
    cited.source_id,
    coalesce(sources.name, cited.source_name) as source,
    cited.attributions,
    cited.direct,
    cited.outlets
from cited
left join sources on sources.source_id = cited.source_id
order by cited.attributions desc, source, cited.source_id
limit $top
