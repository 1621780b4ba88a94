-- title:    what each collecting run came to
-- question: What did the touched runs find, keep, refuse and lose?
-- grain:    a row a collecting interval
-- reads:    readings, captures, articles, attributions, rejects, gaps, touched_runs
with
read as (
    select
        interval_start,
        interval_end,
        sum(found)::bigint as found,
        sum(new)::bigint as new,
        sum(seen)::bigint as seen,
        sum(skipped)::bigint as skipped,
        sum(failed)::bigint as failed
    from readings
    where interval_start in (select interval_start from touched_runs)
    group by all
),
captured as (
    select interval_start, interval_end, count(*) filter (kind = 'page') as pages
    from captures
    where interval_start in (select interval_start from touched_runs)
    group by all
),
kept as (
    select article_id, interval_start, interval_end, is_revision_of
    from articles
    where interval_start in (select interval_start from touched_runs)
),
shown as (
    select interval_start, interval_end, count(*) as articles, count(is_revision_of) as revisions
    from kept
    group by all
),
said as (
    select kept.interval_start, kept.interval_end, count(*) as attributions
    from attributions
    join kept on kept.article_id = attributions.article_id
    group by all
),
refused as (
    select
        interval_start,
        interval_end,
        count(*) as rejects,
        count(*) filter (reason = 'unchanged') as unchanged
    from rejects
    where interval_start in (select interval_start from touched_runs)
    group by all
),
lost as (
    select
        run_start as interval_start,
        run_end as interval_end,
        count(*) as gaps,
        list(outlet_id || ': ' || reason || ' at ' || key order by outlet_id, reason, key) as losses
    from gaps
    where run_start in (select interval_start from touched_runs)
    group by all
),
present as (
    select interval_start, interval_end, outlet_id from readings
    where interval_start in (select interval_start from touched_runs)
    union
    select interval_start, interval_end, outlet_id from captures
    where interval_start in (select interval_start from touched_runs)
    union
    select interval_start, interval_end, outlet_id from rejects
    where interval_start in (select interval_start from touched_runs)
    union
    select run_start, run_end, outlet_id from gaps
    where run_start in (select interval_start from touched_runs)
),
named as (
    select interval_start, interval_end, count(*) as outlets
    from present
    group by all
)
select
    named.interval_start,
    named.interval_end,
    named.outlets,
    coalesce(read.found, 0) as found,
    coalesce(read.new, 0) as new,
    coalesce(read.seen, 0) as seen,
    coalesce(read.skipped, 0) as skipped,
    coalesce(read.failed, 0) as failed,
    coalesce(captured.pages, 0) as pages,
    coalesce(shown.articles, 0) as articles,
    coalesce(shown.revisions, 0) as revisions,
    coalesce(refused.unchanged, 0) as unchanged,
    coalesce(refused.rejects, 0) as rejects,
    coalesce(lost.gaps, 0) as gaps,
    coalesce(said.attributions, 0) as attributions,
    coalesce(lost.losses, []) as losses
from named
join touched_runs using (interval_start, interval_end)
left join read using (interval_start, interval_end)
left join captured using (interval_start, interval_end)
left join shown using (interval_start, interval_end)
left join said using (interval_start, interval_end)
left join refused using (interval_start, interval_end)
left join lost using (interval_start, interval_end)
order by named.interval_start, named.interval_end
