-- title:    Outlet health
-- question: Does every outlet bring what it should: pages, texts, dates?
-- grain:    a row an outlet
-- params:   start date = last - 13, end date = last
-- reads:    outlet_health, outlets
-- method:   Days are days of collecting. bad_days are those whose verdict is not ok; latest is the newest
--           day's verdict.
select
    coalesce(min(outlets.name), health.outlet_id) as outlet,
    count(*) as days,
    count(*) filter (health.verdict <> 'ok') as bad_days,
    arg_max(health.verdict, health.day) as latest,
    sum(health.found)::bigint as found,
    sum(health.new)::bigint as new,
    sum(health.articles)::bigint as articles,
    sum(health.rejected)::bigint as rejected,
    sum(health.gaps)::bigint as gaps,
    round(sum(health.missing_date) / nullif(sum(health.articles), 0), 4) as undated_share,
    median(health.median_words) as median_words
from outlet_health health
left join outlets on outlets.outlet_id = health.outlet_id
where health.day between $start and $end
group by health.outlet_id
order by bad_days desc, health.outlet_id
