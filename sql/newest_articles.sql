-- title:    The newest articles of an outlet
-- question: What of this outlet was collected last, and can be read?
-- grain:    a row an article
-- params:   outlet varchar, rows integer
-- reads:    articles
select published_at, title, url, word_count
from articles
where outlet_id = $outlet
order by collected_at desc, published_at desc nulls last, article_id
limit $rows
