-- title:    The newest articles of an outlet
-- question: Which articles of the outlet are its last up to the day?
-- grain:    a row an article
-- params:   subject varchar, day date, top integer = 3
-- reads:    articles, outlets
select
    articles.article_id,
    coalesce(outlets.name, articles.outlet_id) as outlet,
    articles.title,
    articles.url,
    coalesce(articles.title, '') as sentence
from articles
left join outlets on outlets.outlet_id = articles.outlet_id
where articles.outlet_id = $subject and articles.day <= $day and articles.is_revision_of is null
order by articles.dated_at desc, articles.article_id
limit $top
