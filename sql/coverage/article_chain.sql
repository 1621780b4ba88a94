-- title:    An article's chain
-- question: From whom did the outlet have it: from which agency, and from which sources?
-- grain:    a row a link: the outlet, then agencies, then sources
-- params:   article_id integer, day date
-- reads:    articles, outlets, sources, clusters, attributions
-- method:   An agency is credited (evidence credit, by its name in the registry where that knows it), or had the
--           same text first without being credited (copy). Sources are identified ones, in the order they speak.
with
own as (
    select articles.article_id, articles.outlet_id, articles.wire_credit
    from articles
    where articles.day = $day and articles.article_id = $article_id
),
agencies as (
    select sources.source_id, sources.name, lower(unnest(list_append(coalesce(sources.aliases, []), sources.name))) as printed
    from sources
    where sources.kind = 'agency'
),
credits as (
    select min(agencies.source_id) as key, coalesce(min(agencies.name), min(own.wire_credit)) as name
    from own
    left join agencies on agencies.printed = lower(own.wire_credit)
    where own.wire_credit is not null
    having count(*) > 0
),
copies as (
    select leader.outlet_id as key, coalesce(outlets.name, leader.outlet_id) as name
    from own
    join clusters on clusters.day = $day and clusters.article_id = own.article_id
    join clusters leader on leader.cluster_id = clusters.cluster_id and leader.is_first
    join outlets on outlets.outlet_id = leader.outlet_id
    where own.wire_credit is null and outlets.kind = 'agency' and leader.outlet_id <> own.outlet_id
),
voices as (
    select
        source_key(attributions.source_id, attributions.source_name) as key,
        min(coalesce(sources.name, attributions.source_name)) as name,
        min(attributions.via) as via,
        min(attributions.ordinal) as place
    from attributions
    left join sources on sources.source_id = attributions.source_id
    where attributions.day = $day
        and attributions.article_id = $article_id
        and (attributions.source_id is not null or attributions.source_name is not null)
    group by source_key(attributions.source_id, attributions.source_name)
),
links as (
    select 1 as depth, 0 as place, 'outlet' as role, own.outlet_id as key, coalesce(outlets.name, own.outlet_id) as name,
        null as evidence, null as via
    from own
    left join outlets on outlets.outlet_id = own.outlet_id
    union all
    select 2, 0, 'agency', key, name, 'credit', null from credits
    union all
    select 2, 0, 'agency', key, name, 'copy', null from copies
    union all
    select 3, place, 'source', key, name, null, via from voices
)
select role, key, name, evidence, via
from links
order by depth, place, key
