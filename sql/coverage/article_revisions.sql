-- title:    An article's revisions
-- question: In which states was the page seen?
-- grain:    a row a state, oldest first
-- params:   article_id integer, day date
-- reads:    articles
with
own as (
    select page_id, outlet_id
    from articles
    where articles.day = $day and articles.article_id = $article_id
)
select
    articles.article_id,
    articles.collected_at,
    articles.title,
    articles.word_count,
    articles.article_id = $article_id as is_this
from articles
join own on own.page_id = articles.page_id and own.outlet_id = articles.outlet_id
order by articles.collected_at, articles.article_id
