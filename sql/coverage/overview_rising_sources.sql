-- title:    Rising sources of a period
-- question: Which sources are cited in more articles than in the equally long period before?
-- grain:    a row a source
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null,
--           least integer = 3, prior double = 10, top integer = 10
-- reads:    daily_citations, daily_sources, sources
-- method:   before and now are articles; ratio is now / before, null where there were none before. Ordered
--           by the z of the trend `risers`, so that a rare source needs more to rise than a frequent one;
--           where nothing is known of the days before, nobody rises.
with
counted as (
    select
        source_key(source_id, source_name) as source_key,
        source_id,
        source_name,
        coalesce(sum(articles) filter (day >= $start), 0) as now,
        coalesce(sum(articles) filter (day < $start), 0) as before
    from citations($start - ($end - $start + 1)::integer, $end, $outlets, $languages, $sources)
    group by source_id, source_name
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
)
select
    scored.source_key,
    coalesce(sources.name, scored.source_name, scored.source_id) as source_name,
    scored.before::bigint as before,
    scored.now::bigint as now,
    round(scored.now / nullif(scored.before, 0), 2) as ratio
from scored
left join sources on sources.source_id = scored.source_id
where scored.all_before > 0 and scored.z > 0
order by scored.z desc, scored.source_key
limit $top
