-- title:    Outlets of a period
-- question: What did each outlet bring, and does it look whole?
-- grain:    a row an outlet that was collected or published in the period
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null
-- reads:    daily_outlets, articles, attributions, outlet_health, outlets
-- method:   articles and attributions by the day of the article; rejected, missing_date, gaps and verdict, the
--           latest one, by the day of collecting.
with
published as (
    select
        outlet_id,
        sum(articles)::bigint as articles,
        sum(attributions)::bigint as attributions,
        max(day) filter (articles > 0) as last_day
    from output($start, $end, $outlets, $languages, $sources)
    group by outlet_id
),
collected as (
    select
        outlet_id,
        sum(rejected)::bigint as rejected,
        sum(missing_date)::bigint as missing_date,
        sum(gaps)::bigint as gaps,
        arg_max(verdict, day) as verdict
    from outlet_health
    where day between $start and $end and ($outlets is null or list_contains($outlets, outlet_id))
    group by outlet_id
),
joined as (
    select *
    from published
    full join collected using (outlet_id)
)
select
    joined.outlet_id,
    coalesce(outlets.name, joined.outlet_id) as outlet,
    coalesce(joined.articles, 0) as articles,
    coalesce(joined.attributions, 0) as attributions,
    coalesce(joined.rejected, 0) as rejected,
    coalesce(joined.missing_date, 0) as missing_date,
    coalesce(joined.gaps, 0) as gaps,
    joined.verdict,
    joined.last_day
from joined
left join outlets on outlets.outlet_id = joined.outlet_id
order by articles desc, joined.outlet_id
