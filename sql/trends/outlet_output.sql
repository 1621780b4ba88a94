-- title:    Output of outlets
-- question: Who published most?
-- grain:    a row an outlet
-- params:   start date = last - 13, end date = last, language varchar = null
-- reads:    daily_outlets, outlets
select
    daily_outlets.outlet_id,
    any_value(coalesce(outlets.name, daily_outlets.outlet_id)) as outlet,
    sum(daily_outlets.articles)::bigint as articles,
    sum(daily_outlets.words)::bigint as words,
    sum(daily_outlets.attributions)::bigint as attributions,
    sum(daily_outlets.wire_articles)::bigint as wire_articles
from daily_outlets
left join outlets on outlets.outlet_id = daily_outlets.outlet_id
where daily_outlets.day between $start and $end and ($language is null or daily_outlets.language = $language)
group by daily_outlets.outlet_id
order by articles desc, daily_outlets.outlet_id
