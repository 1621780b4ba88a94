// Questions to start from; a test runs each of them.
export const EXAMPLES = [
  {
    title: "Whom is cited most",
    sql: `select source_name, count(*) as statements, count(distinct outlet_id) as outlets
from attributions
where source_name is not null
group by all
order by statements desc, source_name
limit 20`,
  },
  {
    title: "Statements a day of the three most cited",
    sql: `with foremost as (
    select source_id from attributions where source_id is not null
    group by source_id order by count(*) desc, source_id limit 3
)
select day, source_name, count(*) as statements
from attributions
where source_id in (from foremost)
group by all
order by day, source_name`,
  },
  {
    title: "What one source said, in which articles",
    sql: `select t.article_id, a.published_at, t.outlet_id, t.cue, t.content
from attributions t join articles a using (article_id)
where t.source_id = 'dmitry-peskov'
order by a.published_at desc
limit 50`,
  },
  {
    title: "Different figures for the same count",
    sql: `select f.counted, f.qualifier, f.value, t.source_name, count(*) as times
from figures f join attributions t using (attribution_id)
where f.counted is not null and t.source_name is not null
group by all
order by f.counted, f.value
limit 100`,
  },
  {
    title: "Who prints how much agency copy",
    sql: `select outlet_id, sum(articles) as articles, sum(wire_articles) as of_agencies,
       round(sum(wire_articles) / sum(articles), 2) as share
from daily_outlets
group by outlet_id
order by share desc, outlet_id`,
  },
  {
    title: "Why pages were refused",
    sql: `select stage, reason, count(*) as rejects
from rejects
group by all
order by rejects desc, stage, reason`,
  },
];
