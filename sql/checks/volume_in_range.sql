-- title:    Every outlet brings about as much as usual
-- question: Which outlets brought less than a third of their usual day, or over four times as much?
-- grain:    a row an outlet and day
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    outlet_health
-- method:   Usual is the median of the new pages of the same weekday in the 8 weeks before, where at least 4 of
--           them are known; else of the 28 days before, where at least 7 are. What is usually under 5 cannot be
--           too little, under 20 new pages cannot be too many. A list of old pages, or one page under many
--           addresses, looks like too many.
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
        median(earlier.new) filter ((days.day - earlier.day) % 7 = 0) as usual_weekday,
        count(*) filter ((days.day - earlier.day) % 7 = 0) as known_weekdays,
        median(earlier.new) filter (days.day - earlier.day <= 28) as usual_day,
        count(*) filter (days.day - earlier.day <= 28) as known_days
    from days
    join outlet_health earlier
        on earlier.outlet_id = days.outlet_id
        and earlier.day >= days.day - 56
        and earlier.day < days.day
    group by days.outlet_id, days.day
),
expected as (
    select
        outlet_id,
        day,
        case
            when known_weekdays >= 4 then usual_weekday
            when known_days >= 7 then usual_day
        end as usual_new
    from usual
)
select days.outlet_id, days.day, days.new, expected.usual_new, days.verdict
from days
join expected on expected.outlet_id = days.outlet_id and expected.day = days.day
where (expected.usual_new >= 5 and days.new * 3 < expected.usual_new)
    or (days.new >= 20 and days.new > expected.usual_new * 4)
order by days.outlet_id, days.day
