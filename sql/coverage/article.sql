-- title:    One article
-- question: What does the article say, and what is known of it?
-- grain:    one row; none where there is no such article
-- params:   article_id integer
-- reads:    articles, outlets
select
    articles.article_id,
    articles.outlet_id,
    coalesce(outlets.name, articles.outlet_id) as outlet,
    articles.url,
    articles.canonical_url,
    articles.title,
    articles.byline,
    articles.dateline,
    articles.wire_credit,
    articles.section,
    coalesce(articles.tags, []) as tags,
    articles.language,
    articles.published_at,
    articles.published_from,
    articles.modified_at,
    articles.collected_at,
    articles.body,
    articles.word_count,
    articles.paywalled,
    articles.form,
    coalesce(articles.notes, []) as notes,
    articles.attribution_skipped,
    articles.image_url,
    articles.day
from articles
left join outlets on outlets.outlet_id = articles.outlet_id
where articles.article_id = $article_id
