-- title:    what each collecting run came to
-- question: What did the touched runs find, keep, refuse and lose?
-- grain:    a row a collecting interval
-- reads:    readings, captures, articles, attributions, rejects, gaps, touched_runs
with
kept as (
    select article_id, day, outlet_id, interval_start, interval_end, is_revision_of
    from articles
    where interval_start in (select interval_start from touched_runs)
        and (interval_start, interval_end) in (select (interval_start, interval_end) from touched_runs)
),
facts as (
    select outlet_id, interval_start, interval_end, found, new, seen, skipped, failed
    from readings
    where interval_start in (select interval_start from touched_runs)
    union all by name
    select outlet_id, interval_start, interval_end, 1 as pages
    from captures
    where kind = 'page' and interval_start in (select interval_start from touched_runs)
    union all by name
    select outlet_id, interval_start, interval_end, 1 as articles, (is_revision_of is not null)::integer as revisions
    from kept
    union all by name
    select kept.outlet_id, interval_start, interval_end, 1 as attributions
    from attributions
    join kept on kept.article_id = attributions.article_id and kept.day = attributions.day
    union all by name
    select outlet_id, interval_start, interval_end, 1 as rejects, (reason = 'unchanged')::integer as unchanged
    from rejects
    where interval_start in (select interval_start from touched_runs)
    union all by name
    select
        outlet_id,
        run_start as interval_start,
        run_end as interval_end,
        1 as gaps,
        outlet_id || ': ' || reason || ' at ' || key as loss
    from gaps
    where run_start in (select interval_start from touched_runs)
)
select
    interval_start,
    interval_end,
    count(distinct outlet_id) as outlets,
    coalesce(sum(found), 0)::bigint as found,
    coalesce(sum(new), 0)::bigint as new,
    coalesce(sum(seen), 0)::bigint as seen,
    coalesce(sum(skipped), 0)::bigint as skipped,
    coalesce(sum(failed), 0)::bigint as failed,
    count(pages) as pages,
    count(articles) as articles,
    coalesce(sum(revisions), 0)::bigint as revisions,
    coalesce(sum(unchanged), 0)::bigint as unchanged,
    count(rejects) as rejects,
    count(gaps) as gaps,
    count(attributions) as attributions,
    coalesce(list(loss order by loss) filter (loss is not null), []) as losses
from facts
where (interval_start, interval_end) in (select (interval_start, interval_end) from touched_runs)
group by interval_start, interval_end
order by interval_start, interval_end
