-- title:    An article's figures
-- question: Which numbers does the article give, of what, and whose are they?
-- grain:    a row a figure, in the article's order
-- params:   article_id integer
-- reads:    figures
select attribution_id, value, low, high, qualifier, unit, counted, start, "end", period
from figures
where article_id = $article_id
order by start, "end", value
