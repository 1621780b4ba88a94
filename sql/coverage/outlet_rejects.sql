-- title:    What an outlet lost
-- question: Which of the outlet's items are no articles, or missing, and why?
-- grain:    a row a reject, or a gap (stage gap), newest first; beside each row the number of all that fit
-- params:   outlet_id varchar, start date, end date, reasons varchar[] = null, limit integer, offset integer
-- reads:    rejects, gaps
with
matched as (
    select coalesce("at", interval_start) as "at", stage, reason, key, detail
    from rejects
    where outlet_id = $outlet_id
        and cast(interval_start as date) between $start and $end
        and ($reasons is null or list_contains($reasons, reason))
    union all
    select run_start, 'gap', reason, key, detail
    from gaps
    where outlet_id = $outlet_id
        and cast(run_start as date) between $start and $end
        and ($reasons is null or list_contains($reasons, reason))
),
page as (
    select *
    from matched
    order by "at" desc, stage, key, reason, detail
    limit $limit offset $offset
)
select total.count, page.*
from (select count(*) as count from matched) total
left join page on true
order by page."at" desc, page.stage, page.key, page.reason, page.detail
