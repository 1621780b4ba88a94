-- title: what form an article has, and how well it fits the template of its outlet
alter table articles add column form varchar;  -- article, live_blog, gallery or part (one of several pages)
alter table articles add column known_share double;  -- of its text, in elements where the outlet's template has articles, 0..1; null: no template
alter table held.articles add column form varchar;
alter table held.articles add column known_share double;
