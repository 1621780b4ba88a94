-- title:    how each outlet did on a day of collecting
-- question: What did the touched outlets bring on the touched days, and does it look whole?
-- grain:    a row an outlet and day of collecting
-- reads:    readings, captures, articles, rejects, gaps, touched_health
-- method:   lost: every reading failed, or gaps and no reading · losses: it has gaps · silent: its feeds
--           held nothing · no articles: new pages and not one article · undated: more than half of the
--           articles have no date of their own · ok
with
facts as (
    select
        outlet_id,
        interval_start as at_start,
        found,
        new,
        case when status <> 'not_due' then 1 end as readings,
        (status in ('ok', 'unchanged', 'empty'))::integer as good_readings
    from readings
    where interval_start >= (select min(day) from touched_health)
    union all by name
    select outlet_id, interval_start as at_start, 1 as pages
    from captures
    where kind = 'page' and interval_start >= (select min(day) from touched_health)
    union all by name
    select
        outlet_id,
        interval_start as at_start,
        1 as articles,
        (published_at is null)::integer as missing_date,
        word_count
    from articles
    where interval_start >= (select min(day) from touched_health)
    union all by name
    select outlet_id, interval_start as at_start, 1 as rejected
    from rejects
    where reason <> 'unchanged' and interval_start >= (select min(day) from touched_health)
    union all by name
    select outlet_id, run_start as at_start, 1 as gaps
    from gaps
    where run_start >= (select min(day) from touched_health)
),
counted as (
    select
        outlet_id,
        cast(at_start as date) as day,
        coalesce(sum(found), 0)::bigint as found,
        coalesce(sum(new), count(pages))::bigint as new,
        count(articles) as articles,
        count(rejected) as rejected,
        coalesce(sum(missing_date), 0)::bigint as missing_date,
        median(word_count) as median_words,
        count(gaps) as gaps,
        count(readings) as readings,
        coalesce(sum(good_readings), 0) as good_readings,
        count(pages) as pages
    from facts
    where (outlet_id, cast(at_start as date)) in (select (outlet_id, day) from touched_health)
    group by outlet_id, cast(at_start as date)
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
        when readings = 0 and pages = 0 and gaps > 0 then 'lost'
        when gaps > 0 then 'losses'
        when found = 0 and pages = 0 then 'silent'
        when new > 0 and articles = 0 then 'no articles'
        when missing_date * 2 > articles then 'undated'
        else 'ok'
    end as verdict
from counted
order by day, outlet_id
