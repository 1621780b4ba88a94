-- title:    what each outlet published on a day
-- question: How much did each outlet publish on the touched days?
-- grain:    a row a day, outlet and language
-- reads:    articles, authors, attributions, touched_days
with
-- first states only: a correction is no second article
counted as (
    select article_id, day, outlet_id, language, word_count, wire_credit, byline
    from articles
    where day in (select day from touched_days) and is_revision_of is null
),
said as (
    select article_id, count(*) as attributions
    from attributions
    where day in (select day from touched_days)
    group by article_id
),
signed as (
    select distinct article_id
    from authors
    where article_id in (select article_id from counted)
)
select
    counted.day,
    counted.outlet_id,
    counted.language,
    count(*) as articles,
    sum(counted.word_count)::bigint as words,
    coalesce(sum(said.attributions), 0)::bigint as attributions,
    count(counted.wire_credit) as wire_articles,
    count(*) filter (counted.byline is not null or signed.article_id is not null) as bylined_articles
from counted
left join said on said.article_id = counted.article_id
left join signed on signed.article_id = counted.article_id
group by counted.day, counted.outlet_id, counted.language
order by counted.day, counted.outlet_id, counted.language
