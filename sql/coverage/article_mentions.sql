-- title:    An article's mentions
-- question: Whom and what does the article name, and where?
-- grain:    a row a mention, in the article's order
-- params:   article_id integer
-- reads:    mentions
select source_id as source_key, name, kind, start, "end"
from mentions
where article_id = $article_id
order by start, "end" desc, name
