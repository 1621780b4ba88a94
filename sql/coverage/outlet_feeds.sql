-- title:    An outlet's feeds
-- question: Which lists of pages does the outlet give, and how did the last reading of each end?
-- grain:    a row a feed
-- params:   outlet_id varchar
-- reads:    feeds, readings
-- method:   Whole history: the last time the feed was due.
with
latest as (
    select feed_id, arg_max(status, "at") as last_status, max("at") as last_at
    from readings
    where outlet_id = $outlet_id and status <> 'not_due'
    group by feed_id
)
select feeds.feed_id, feeds.url, feeds.kind, latest.last_status, latest.last_at
from feeds
left join latest on latest.feed_id = feeds.feed_id
where feeds.outlet_id = $outlet_id
order by feeds.feed_id
