-- title:    What a source said on a day
-- question: Which sentences of which articles cite the source on the day?
-- grain:    a row an article, with its first such sentence
-- params:   subject varchar, day date, outlets varchar[] = null, top integer = 3
-- reads:    attributions, articles, outlets
select
    attributions.article_id,
    coalesce(any_value(outlets.name), attributions.outlet_id) as outlet,
    any_value(articles.title) as title,
    any_value(articles.url) as url,
    arg_min(attributions.sentence, attributions.ordinal) as sentence
from attributions
join articles on articles.article_id = attributions.article_id
left join outlets on outlets.outlet_id = attributions.outlet_id
where attributions.day = $day
    and coalesce(attributions.source_id, attributions.source_name) = $subject
    and articles.is_revision_of is null
    and ($outlets::varchar[] is null or list_contains($outlets::varchar[], attributions.outlet_id))
group by attributions.article_id, attributions.outlet_id, articles.dated_at
order by articles.dated_at, attributions.article_id
limit $top
