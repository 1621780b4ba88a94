-- title:    The words that report a source
-- question: With which cues do outlets report the source?
-- grain:    a row a cue, in lower case
-- params:   source_id varchar = null, source_name varchar = null, start date, end date,
--           outlets varchar[] = null, languages varchar[] = null, top integer = 30
-- reads:    attributions, articles
select lower(attributions.cue) as cue, count(*) as attributions
from attributions
join articles on articles.day = attributions.day and articles.article_id = attributions.article_id
where attributions.day between $start and $end
    and articles.day between $start and $end
    and articles.is_revision_of is null
    and ($source_id is null or attributions.source_id = $source_id)
    and ($source_name is null or (attributions.source_id is null and attributions.source_name = $source_name))
    and ($outlets is null or list_contains($outlets, attributions.outlet_id))
    and ($languages is null or list_contains($languages, articles.language))
    and attributions.cue is not null
group by lower(attributions.cue)
order by attributions desc, cue
limit $top
