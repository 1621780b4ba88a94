-- title:    Collecting by day
-- question: What did each day of collecting find, keep, refuse and lose?
-- grain:    a row a day on which a collecting run starts
-- params:   start date = last - 13, end date = last
-- reads:    runs
-- method:   unchanged pages, whose text was known, are no rejects here
select
    cast(interval_start as date) as day,
    sum(found)::bigint as found,
    sum(new)::bigint as new,
    sum(articles)::bigint as articles,
    sum(rejects - unchanged)::bigint as rejected,
    sum(gaps)::bigint as gaps,
    sum(attributions)::bigint as attributions
from runs
where cast(interval_start as date) between $start and $end
group by day
order by day
