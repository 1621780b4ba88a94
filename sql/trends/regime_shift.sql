-- title:    Regime shift
-- question: Which sources came to be cited at another level for good, and since when?
-- grain:    a row a source
-- params:   start date = last - 89, end date = last, outlet varchar = null, least_days integer = 5,
--           least integer = 10, threshold double = 12, top integer = 20
-- reads:    daily_sources, daily_outlets, sources
-- method:   The share of articles that cite a source, held to be one level up to a day and another from it
--           on; since is the day that makes the days most likely, with at least `least_days` days of news on
--           either side (Hinkley and Hinkley 1970, doi:10.1093/biomet/57.3.477). strength is twice the log
--           likelihood ratio against one level throughout, over the dispersion of the days around their
--           levels where they vary more than chance (McCullagh and Nelder 1989, section 4.5); as the best of
--           many days is taken, 12 is rarer than one in fifty where nothing changed. Sources in fewer
--           than `least` articles are left out.
with
news_days as (
    select day, sum(articles) as articles, row_number() over (order by day) as place
    from daily_outlets
    where day between $start and $end and ($outlet is null or outlet_id = $outlet)
    group by day
),
cited as (
    select
        daily_sources.day,
        coalesce(daily_sources.source_id, daily_sources.source_name) as source_key,
        min(coalesce(sources.name, daily_sources.source_name, daily_sources.source_id)) as source,
        sum(daily_sources.articles) as citing
    from daily_sources
    left join sources on sources.source_id = daily_sources.source_id
    where daily_sources.day between $start and $end
        and voice = 'identified'
        and ($outlet is null or daily_sources.outlet_id = $outlet)
    group by daily_sources.day, source_key
),
frequent as (
    select source_key, min(source) as source
    from cited
    group by source_key
    having sum(citing) >= $least
),
daily as (
    select
        frequent.source_key,
        frequent.source,
        news_days.day,
        news_days.place,
        news_days.articles::double as articles,
        least(coalesce(cited.citing, 0), news_days.articles)::double as citing
    from frequent
    cross join news_days
    left join cited on cited.source_key = frequent.source_key and cited.day = news_days.day
),
running as (
    select
        *,
        sum(articles) over before as articles_before,
        sum(citing) over before as citing_before,
        sum(articles) over whole as all_articles,
        sum(citing) over whole as all_citing,
        max(place) over whole as days
    from daily
    window
        before as (partition by source_key order by place rows between unbounded preceding and 1 preceding),
        whole as (partition by source_key)
),
split as (
    select
        source_key,
        place,
        day,
        citing_before / articles_before as level_before,
        (all_citing - citing_before) / (all_articles - articles_before) as level,
        all_citing / all_articles as one_level,
        citing_before,
        articles_before - citing_before as silent_before,
        all_citing - citing_before as citing_after,
        all_articles - articles_before - (all_citing - citing_before) as silent_after
    from running
    where place > $least_days and days - place + 1 >= $least_days
),
likely as (
    -- x ln x is 0 at 0: nothing was seen, nothing is explained
    select
        *,
        2 * (
            case when citing_before > 0 then citing_before * ln(level_before / one_level) else 0 end
            + case when silent_before > 0 then silent_before * ln((1 - level_before) / (1 - one_level)) else 0 end
            + case when citing_after > 0 then citing_after * ln(level / one_level) else 0 end
            + case when silent_after > 0 then silent_after * ln((1 - level) / (1 - one_level)) else 0 end
        ) as ratio
    from split
    where one_level < 1
),
best as (
    select source_key, max_by(likely, (ratio, -place)) as chosen
    from likely
    group by source_key
),
spread as (
    select
        daily.source_key,
        min(daily.source) as source,
        any_value(best.chosen) as chosen,
        greatest(1, sum(
            case
                when daily.place < best.chosen.place and best.chosen.level_before between 1e-12 and 1 - 1e-12
                    then pow(daily.citing - daily.articles * best.chosen.level_before, 2)
                        / (daily.articles * best.chosen.level_before * (1 - best.chosen.level_before))
                when daily.place >= best.chosen.place and best.chosen.level between 1e-12 and 1 - 1e-12
                    then pow(daily.citing - daily.articles * best.chosen.level, 2)
                        / (daily.articles * best.chosen.level * (1 - best.chosen.level))
                else 0
            end
        ) / nullif(count(*) - 2, 0)) as dispersion,
        sum(daily.citing) filter (daily.place < best.chosen.place)::bigint as articles_before,
        sum(daily.citing) filter (daily.place >= best.chosen.place)::bigint as articles
    from daily
    join best on best.source_key = daily.source_key
    group by daily.source_key
)
select
    source,
    chosen.day as since,
    round(chosen.level_before, 4) as share_before,
    round(chosen.level, 4) as share,
    articles_before,
    articles,
    round(chosen.ratio / dispersion, 2) as strength
from spread
where chosen.ratio / dispersion >= $threshold
order by strength desc, source_key
limit $top
