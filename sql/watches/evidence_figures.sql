-- title:    Who gives which figure
-- question: Which sentences of which articles count the thing on the day?
-- grain:    a row a figure's value, with the first article that gives it
-- params:   subject varchar, day date, outlets varchar[] = null, top integer = 5
-- reads:    figures, attributions, articles, outlets
with
given as (
    select
        figures.value,
        articles.article_id,
        articles.dated_at,
        articles.outlet_id,
        articles.title,
        articles.url,
        attributions.sentence
    from figures
    join articles on articles.article_id = figures.article_id
    join attributions on attributions.attribution_id = figures.attribution_id
    where articles.day = $day
        and articles.is_revision_of is null
        and lower(figures.counted) || coalesce(' (' || figures.unit || ')', '') = $subject
        and coalesce(attributions.source_id, attributions.source_name) is not null
        and ($outlets::varchar[] is null or list_contains($outlets::varchar[], articles.outlet_id))
    qualify row_number() over (partition by figures.value order by articles.dated_at, articles.article_id) = 1
)
select given.article_id, coalesce(outlets.name, given.outlet_id) as outlet, given.title, given.url, given.sentence
from given
left join outlets on outlets.outlet_id = given.outlet_id
order by given.value, given.article_id
limit $top
