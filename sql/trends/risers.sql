-- title:    Risers
-- question: Which sources are cited more than in the days before?
-- grain:    a row a source
-- params:   start date = last - 6, end date = last, outlet varchar = null, least integer = 3,
--           prior double = 10, top integer = 20
-- reads:    daily_sources, sources
-- method:   Articles that cite a source, against the equally long period before. z is the difference of the
--           two log odds over its standard error, both drawn to the odds over both periods with the weight of
--           `prior` citations, so that a rare source needs more to rise than a frequent one (Monroe, Colaresi
--           and Quinn 2008, doi:10.1093/pan/mpn018); 2 is rarely chance. Reported from `least` articles on.
with
cited as (
    select
        coalesce(daily_sources.source_id, daily_sources.source_name) as source_key,
        min(coalesce(sources.name, daily_sources.source_name, daily_sources.source_id)) as source,
        min(sources.kind) as kind,
        coalesce(sum(daily_sources.articles) filter (day >= $start), 0) as now,
        coalesce(sum(daily_sources.articles) filter (day < $start), 0) as before,
        count(distinct daily_sources.outlet_id) filter (day >= $start) as outlets
    from daily_sources
    left join sources on sources.source_id = daily_sources.source_id
    where day between $start - ($end - $start + 1)::integer and $end
        and voice = 'identified'
        and ($outlet is null or daily_sources.outlet_id = $outlet)
    group by source_key
),
summed as (
    select
        *,
        sum(now) over () as all_now,
        sum(before) over () as all_before,
        $prior * (now + before) / sum(now + before) over () as pull
    from cited
),
scored as (
    select
        *,
        (
            ln((now + pull) / (all_now + $prior - now - pull))
            - ln((before + pull) / (all_before + $prior - before - pull))
        ) / sqrt(1 / (now + pull) + 1 / (before + pull)) as z
    from summed
    where now >= $least and now < all_now
)
select
    source,
    kind,
    now::bigint as articles,
    before::bigint as articles_before,
    round(now / all_now, 4) as share,
    round(before / nullif(all_before, 0), 4) as share_before,
    outlets,
    round(z, 2) as z
from scored
where z > 0
order by z desc, source_key
limit $top
