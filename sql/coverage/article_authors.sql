-- title:    An article's authors
-- question: Whom does the article name as its writers?
-- grain:    a row an author, in their order
-- params:   article_id integer
-- reads:    authors
select name
from authors
where article_id = $article_id
order by position
