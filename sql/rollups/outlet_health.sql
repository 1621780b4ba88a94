-- title:    how each outlet did on a day of collecting
-- question: What did the touched outlets bring on the touched days, and does it look whole?
-- grain:    a row an outlet and day of collecting
-- reads:    readings, captures, articles, rejects, gaps, touched_health
-- method:   lost: every reading failed, or gaps and no reading · silent: its feeds held nothing ·
--           losses: it has gaps · no articles: new pages and not one article · undated: more than half of
--           the articles have no date of their own · ok
with
read as (
    select
        r.outlet_id,
        cast(r.interval_start as date) as day,
        sum(r.found)::bigint as found,
        sum(r.new)::bigint as new,
        count(*) as readings,
        count(*) filter (r.status in ('ok', 'unchanged', 'empty')) as good_readings
    from readings r
    where cast(r.interval_start as date) in (select day from touched_health)
    group by all
),
captured as (
    select outlet_id, cast(interval_start as date) as day, count(*) as pages
    from captures
    where kind = 'page' and cast(interval_start as date) in (select day from touched_health)
    group by all
),
held_articles as (
    select
        outlet_id,
        cast(interval_start as date) as day,
        count(*) as articles,
        count(*) filter (published_at is null) as missing_date,
        median(word_count) as median_words
    from articles
    where cast(interval_start as date) in (select day from touched_health)
    group by all
),
refused as (
    select outlet_id, cast(interval_start as date) as day, count(*) as rejected
    from rejects
    where reason <> 'unchanged' and cast(interval_start as date) in (select day from touched_health)
    group by all
),
lost as (
    select outlet_id, cast(run_start as date) as day, count(*) as gaps
    from gaps
    where cast(run_start as date) in (select day from touched_health)
    group by all
),
counted as (
    select
        t.outlet_id,
        t.day,
        coalesce(r.found, 0) as found,
        coalesce(r.new, c.pages, 0) as new,
        coalesce(a.articles, 0) as articles,
        coalesce(f.rejected, 0) as rejected,
        coalesce(a.missing_date, 0) as missing_date,
        a.median_words,
        coalesce(l.gaps, 0) as gaps,
        r.readings,
        r.good_readings,
        coalesce(c.pages, 0) as pages
    from touched_health t
    left join read r on r.outlet_id = t.outlet_id and r.day = t.day
    left join captured c on c.outlet_id = t.outlet_id and c.day = t.day
    left join held_articles a on a.outlet_id = t.outlet_id and a.day = t.day
    left join refused f on f.outlet_id = t.outlet_id and f.day = t.day
    left join lost l on l.outlet_id = t.outlet_id and l.day = t.day
    where r.readings > 0 or c.pages > 0 or a.articles > 0 or f.rejected > 0 or l.gaps > 0
)
select
    outlet_id,
    day,
    found,
    new,
    articles,
    rejected,
    missing_date,
    median_words,
    gaps,
    case
        when readings > 0 and good_readings = 0 then 'lost'
        when readings is null and pages = 0 and gaps > 0 then 'lost'
        when gaps > 0 then 'losses'
        when found = 0 and pages = 0 then 'silent'
        when new > 0 and articles = 0 then 'no articles'
        when missing_date * 2 > articles then 'undated'
        else 'ok'
    end as verdict
from counted
order by day, outlet_id
