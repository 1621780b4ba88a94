-- title:    Outlets
-- question: What does each outlet publish, how much of it is agency copy, and does it look whole?
-- grain:    a row an outlet, those that published nothing too
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null
-- reads:    outlets, daily_outlets, articles, attributions, outlet_health
-- method:   wire_share is of the articles that print an agency's credit, null of an agency itself. verdict is of the latest day of collecting
--           in the period; last_day, the newest with articles, counts from the end of the period back.
with
published as (
    select
        outlet_id,
        sum(articles)::bigint as articles,
        sum(attributions)::bigint as attributions,
        sum(wire_articles) as wire_articles
    from output($start, $end, $outlets, $languages, $sources)
    group by outlet_id
),
collected as (
    select outlet_id, arg_max(verdict, day) as verdict
    from outlet_health
    where day between $start and $end
    group by outlet_id
),
ever as (
    select outlet_id, max(day) filter (articles > 0) as last_day
    from daily_outlets
    where day <= $end
    group by outlet_id
)
select
    outlets.outlet_id,
    coalesce(outlets.name, outlets.outlet_id) as outlet,
    outlets.kind,
    outlets.country,
    outlets.language,
    coalesce(published.articles, 0) as articles,
    coalesce(published.attributions, 0) as attributions,
    case
        when outlets.kind is distinct from 'agency' then round(published.wire_articles / nullif(published.articles, 0), 4)
    end as wire_share,
    collected.verdict,
    ever.last_day
from outlets
left join published on published.outlet_id = outlets.outlet_id
left join collected on collected.outlet_id = outlets.outlet_id
left join ever on ever.outlet_id = outlets.outlet_id
where $outlets is null or list_contains($outlets, outlets.outlet_id)
order by articles desc, outlets.outlet_id
