-- title:    Source timeline
-- question: What did one source say, when, and in which outlets did it stand?
-- grain:    a row an attribution, oldest first
-- params:   source varchar, start date = last - 13, end date = last, outlet varchar = null,
--           top integer = 50
-- reads:    attributions, articles, sources
-- method:   The source by its id or name, and whoever speaks for it. Each row's attribution_id leads to
--           its evidence.
select
    articles.dated_at,
    attributions.outlet_id,
    coalesce(sources.name, attributions.source_name) as source,
    attributions.cue,
    attributions.kind,
    attributions.content,
    attributions.attribution_id
from attributions
join articles on articles.article_id = attributions.article_id
left join sources on sources.source_id = attributions.source_id
where attributions.day between $start and $end
    and articles.day between $start and $end
    and articles.is_revision_of is null
    and (
        attributions.source_id = $source
        or attributions.parent_source_id = $source
        or lower(attributions.source_name) = lower($source)
        or lower(sources.name) = lower($source)
    )
    and ($outlet is null or attributions.outlet_id = $outlet)
order by articles.dated_at, attributions.article_id, attributions.ordinal
limit $top
