-- title:    Whose copy an outlet runs
-- question: Which agencies does the outlet credit, and for how much of its output?
-- grain:    a row an agency
-- params:   outlet_id varchar, start date, end date, languages varchar[] = null, sources varchar[] = null,
--           top integer = 30
-- reads:    articles, attributions, sources, outlets
-- method:   A credit is known under the agency's name and aliases in the registry, else it stands as printed.
--           share is of the outlet's articles in the period. An agency's credit to itself is left out.
with
agency_names as (
    select lower(name) as printed, name as agency from sources where kind = 'agency'
    union
    select lower(unnest(aliases)), name from sources where kind = 'agency'
),
kept as (
    select article_id, wire_credit
    from fitting($start, $end, [$outlet_id], $languages, $sources)
),
credited as (
    select kept.article_id, coalesce(min(agency_names.agency), min(kept.wire_credit)) as agency
    from kept
    left join agency_names on agency_names.printed = lower(kept.wire_credit)
    where kept.wire_credit is not null
    group by kept.article_id
)
select agency, count(*) as articles, round(count(*) / (select count(*) from kept), 4) as share
from credited
where agency is distinct from (select name from outlets where outlet_id = $outlet_id)
group by agency
order by articles desc, agency
limit $top
