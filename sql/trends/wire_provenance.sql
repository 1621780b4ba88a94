-- title:    Wire provenance
-- question: How much of each outlet is agency copy, credited or not?
-- grain:    a row an outlet and agency
-- params:   start date = last - 13, end date = last, similarity double = 0.5, top integer = 30
-- reads:    articles, clusters, outlets, sources, daily_outlets
-- method:   credited: the article prints the agency's credit. uncredited: it prints none, and is a copy,
--           at least as similar as asked, of an earlier article of an outlet that is an agency. A credit
--           is known under the agency's name and aliases in the registry, else it stands as printed. An
--           agency's credit to itself is left out.
with
named as materialized (select outlet_id, name, kind from outlets),
counted as materialized (
    select article_id, outlet_id, wire_credit
    from articles
    where day between $start and $end and is_revision_of is null
),
agency_names as (
    select distinct lower(unnest(list_prepend(name, aliases))) as printed, name as agency
    from sources
    where kind = 'agency'
),
credits as (
    select counted.article_id, counted.outlet_id, coalesce(min(agency_names.agency), counted.wire_credit) as agency
    from counted
    left join agency_names on agency_names.printed = lower(counted.wire_credit)
    where counted.wire_credit is not null
    group by counted.article_id, counted.outlet_id, counted.wire_credit
),
silent as (
    select counted.article_id, counted.outlet_id, named.name as agency
    from counted
    join clusters on clusters.article_id = counted.article_id
    join clusters leader on leader.cluster_id = clusters.cluster_id and leader.is_first
    join named on named.outlet_id = leader.outlet_id
    where clusters.day between $start and $end
        and counted.wire_credit is null
        and named.kind = 'agency'
        and leader.outlet_id <> counted.outlet_id
        and clusters.similarity >= $similarity
),
supplied as (
    select outlet_id, agency, true as is_credited from credits
    union all
    select outlet_id, agency, false from silent
),
output as (
    select outlet_id, sum(articles) as articles
    from daily_outlets
    where day between $start and $end
    group by outlet_id
)
select
    coalesce(min(named.name), supplied.outlet_id) as outlet,
    supplied.agency,
    count(*) filter (is_credited) as credited,
    count(*) filter (not is_credited) as uncredited,
    round(count(*) / min(output.articles), 4) as share
from supplied
join output on output.outlet_id = supplied.outlet_id
left join named on named.outlet_id = supplied.outlet_id
where supplied.agency is distinct from named.name
group by supplied.outlet_id, supplied.agency
order by count(*) desc, supplied.outlet_id, supplied.agency
limit $top
