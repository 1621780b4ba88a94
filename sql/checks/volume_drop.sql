-- title:    Every outlet brings about as much as usual
-- question: Which outlets brought less than a third of their usual day?
-- grain:    a row an outlet and day
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    outlet_health
-- method:   Usual is the median of the new pages of the 28 days before, where at least 7 of them are known
--           and it is at least 5.
with
days as (
    select outlet_id, day, new, verdict
    from outlet_health
    where day >= cast($start as date) and day < cast($end as date)
),
usual as (
    select
        days.outlet_id,
        days.day,
        median(earlier.new) as usual_new,
        count(*) as known_days
    from days
    join outlet_health earlier
        on earlier.outlet_id = days.outlet_id
        and earlier.day >= days.day - 28
        and earlier.day < days.day
    group by days.outlet_id, days.day
)
select days.outlet_id, days.day, days.new, usual.usual_new, days.verdict
from days
join usual on usual.outlet_id = days.outlet_id and usual.day = days.day
where usual.known_days >= 7 and usual.usual_new >= 5 and days.new * 3 < usual.usual_new
order by days.outlet_id, days.day
