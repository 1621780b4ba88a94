-- title:    Most cited sources by day
-- question: How often was each of the most cited sources cited a day?
-- grain:    a row a source and day on which it was cited
-- params:   start date = last - 13, end date = last, top integer = 6
-- reads:    daily_sources, sources
-- method:   identified sources only; the most cited are those of the whole span
with
cited as (
    select
        day,
        source_id,
        source_name,
        sum(attributions)::bigint as attributions
    from daily_sources
    where day between $start and $end and voice = 'identified'
    group by day, source_id, source_name
),
ranked as (
    select
        source_id,
        source_name,
        row_number() over (order by sum(attributions) desc, source_id, source_name) as place
    from cited
    group by source_id, source_name
)
select
    cited.day,
    cited.source_id,
    coalesce(sources.name, cited.source_name) as source,
    cited.attributions
from cited
join ranked
    on ranked.source_id is not distinct from cited.source_id
    and ranked.source_name is not distinct from cited.source_name
left join sources on sources.source_id = cited.source_id
where ranked.place <= $top
order by cited.day, source, cited.source_id
