-- title:    A source's statements
-- question: What did the source say, where, and in which sentence does it stand?
-- grain:    a row an attribution, newest first; beside each row the number of all that fit
-- params:   source_id varchar = null, source_name varchar = null, start date, end date,
--           outlets varchar[] = null, languages varchar[] = null, limit integer, offset integer
-- reads:    attributions, articles, outlets
with
matched as (
    select attributions.attribution_id, attributions.day, attributions.article_id, attributions.ordinal, articles.dated_at
    from attributions
    join articles on articles.day = attributions.day and articles.article_id = attributions.article_id
    where attributions.day between $start and $end
        and articles.day between $start and $end
        and articles.is_revision_of is null
        and ($source_id is null or attributions.source_id = $source_id)
        and ($source_name is null or (attributions.source_id is null and attributions.source_name = $source_name))
        and ($outlets is null or list_contains($outlets, attributions.outlet_id))
        and ($languages is null or list_contains($languages, articles.language))
),
page as (
    select *
    from matched
    order by dated_at desc, article_id, ordinal
    limit $limit offset $offset
),
shown as (
    select
        attributions.attribution_id,
        attributions.article_id,
        articles.published_at,
        attributions.outlet_id,
        coalesce(outlets.name, attributions.outlet_id) as outlet,
        articles.title,
        attributions.source_surface,
        attributions.cue,
        attributions.content,
        attributions.kind,
        attributions.via,
        attributions.sentence,
        attributions.confidence,
        page.dated_at,
        page.ordinal
    from page
    join attributions on attributions.day = page.day and attributions.attribution_id = page.attribution_id
    join articles on articles.day = page.day and articles.article_id = page.article_id
    left join outlets on outlets.outlet_id = attributions.outlet_id
)
select total.count, shown.* exclude (dated_at, ordinal)
from (select count(*) as count from matched) total
left join shown on true
order by shown.dated_at desc, shown.article_id, shown.ordinal
