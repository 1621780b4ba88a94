-- title:    Output that fits
-- question: How much did each outlet publish on each day, as the filters have it?
-- grain:    a row a day, outlet and language
-- reads:    daily_outlets, articles, attributions
-- method:   From the rollup; where sources are asked for, the articles that cite one of them, and the
--           attributions to them.
create temp macro output(first_day, last_day, in_outlets, in_languages, of_sources) as table
select day, outlet_id, articles, wire_articles, attributions
from daily_outlets
where of_sources is null
    and day between first_day and last_day
    and (in_outlets is null or list_contains(in_outlets, outlet_id))
    and (in_languages is null or list_contains(in_languages, language))
union all
select
    kept.day,
    kept.outlet_id,
    count(*) as articles,
    count(kept.wire_credit) as wire_articles,
    coalesce(sum(said.attributions), 0)::bigint as attributions
from fitting(first_day, last_day, in_outlets, in_languages, of_sources) kept
left join (
    select day, article_id, count(*) as attributions
    from attributions
    where day between first_day and last_day
        and list_contains(of_sources, source_key(source_id, source_name))
    group by day, article_id
) said on said.day = kept.day and said.article_id = kept.article_id
where of_sources is not null
group by kept.day, kept.outlet_id, kept.language
