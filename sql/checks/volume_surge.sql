-- title:    No outlet brings far more than usual
-- question: Which outlets brought over four times their usual day?
-- grain:    a row an outlet and day
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    outlet_health
-- method:   Usual is the median of the new pages of the 28 days before, where at least 7 of them are known.
--           Days under 20 new pages are left out. A list of old pages, or one page under many addresses,
--           looks like this.
with
days as (
    select outlet_id, day, new
    from outlet_health
    where day >= cast($start as date) and day < cast($end as date) and new >= 20
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
select days.outlet_id, days.day, days.new, usual.usual_new
from days
join usual on usual.outlet_id = days.outlet_id and usual.day = days.day
where usual.known_days >= 7 and days.new > usual.usual_new * 4
order by days.outlet_id, days.day
