-- title:    Risers
-- question: Which sources are cited more than in the days before?
-- grain:    a row a source
-- params:   start date = last - 6, end date = last, outlet varchar = null, language varchar = null,
--           least integer = 3, prior double = 10, top integer = 20
-- reads:    daily_citations, daily_sources, sources
-- method:   Articles that cite a source, against the equally long period before. z is the difference of the
--           two log odds over its standard error, both drawn to the odds over both periods with the weight of
--           `prior` citations, so that a rare source needs more to rise than a frequent one (Monroe, Colaresi
--           and Quinn 2008, doi:10.1093/pan/mpn018); 2 is rarely chance. Reported from `least` articles on, and
--           of nobody where nothing is known of the days before.
with
cited as (
    select day, coalesce(source_id, source_name) as source_key, articles
    from daily_citations
    where $outlet is null
        and $language is null
        and day between $start - ($end - $start + 1)::integer and $end
        and voice = 'identified'
    union all
    select day, coalesce(source_id, source_name), articles
    from daily_sources
    where ($outlet is not null or $language is not null)
        and ($outlet is null or outlet_id = $outlet)
        and ($language is null or language = $language)
        and day between $start - ($end - $start + 1)::integer and $end
        and voice = 'identified'
),
counted as (
    select
        source_key,
        coalesce(sum(articles) filter (day >= $start), 0) as now,
        coalesce(sum(articles) filter (day < $start), 0) as before
    from cited
    group by source_key
),
summed as (
    select
        *,
        sum(now) over () as all_now,
        sum(before) over () as all_before,
        $prior * (now + before) / sum(now + before) over () as pull
    from counted
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
),
risen as (
    select *
    from scored
    where all_before > 0 and z > 0
    order by z desc, source_key
    limit $top
),
spread as (
    select coalesce(source_id, source_name) as source_key, count(distinct outlet_id) as outlets
    from daily_sources
    where day between $start and $end
        and voice = 'identified'
        and ($outlet is null or outlet_id = $outlet)
        and ($language is null or language = $language)
        and coalesce(source_id, source_name) in (select source_key from risen)
    group by all
)
select
    coalesce(sources.name, risen.source_key) as source,
    sources.kind,
    risen.now::bigint as articles,
    risen.before::bigint as articles_before,
    round(risen.now / risen.all_now, 4) as share,
    round(risen.before / nullif(risen.all_before, 0), 4) as share_before,
    spread.outlets,
    round(risen.z, 2) as z
from risen
join spread on spread.source_key = risen.source_key
left join sources on sources.source_id = risen.source_key
order by risen.z desc, risen.source_key
