-- An invented press: what the benches put into a warehouse before they measure it, set by set. Run once for each
-- stretch of days; made_days holds the days of the stretch, each with its articles numbered from first_number.
-- Everything hangs on hashes of an article's number, so a press of one size is always the same press.
--
-- What of news it has: weekends are thin; outlets differ in size by hundreds; the n-th source is cited a n-th as
-- often as the first (Zipf), three in an article of five statements; a third of articles are about one of the week's
-- stories, whose people and words come in bursts; a twelfth of stories stand in several outlets; two of a hundred
-- pages are corrected.
insert into articles by name
with
numbered as (
    select day, unnest(range(first_number, first_number + article_count)) as n, first_number, article_count
    from made_days
),
paged as (
    select
        *,
        n - (n % 50 = 1)::integer as page,
        day::timestamptz + to_seconds((n - first_number) * 86399 // article_count) as moment
    from numbered
)
select
    identity(n, 'article') as article_id,
    article_id::varchar as article_key,
    identity(page, 'page') as page_id,
    identity(n, 'capture') as capture_id,
    'outlet-' || floor(pow(dice(page, 1), 2) * getvariable('outlets'))::integer as outlet_id,
    'https://' || outlet_id || '.example/' || strftime(day, '%Y/%m/%d') || '/' || page as url,
    url as canonical_url,
    list_aggregate(
        list_transform(range(8), lambda place: title_word(n, day, place)), 'string_agg', ' '
    ) as title,
    case when dice(n, 4) < 0.6 then 'By Somebody' end as byline,
    case when dice(n, 3) < 0.1 then 'Seven News' end as wire_credit,
    case when dice(page, 2) < 0.15 then 'fr' else 'en' end as language,
    case when dice(n, 5) < 0.97 then moment end as published_at,
    case when published_at is not null then 'json-ld' end as published_from,
    moment + interval 20 minutes as collected_at,
    moment as dated_at,
    day,
    case when getvariable('sentences') > 0 then list_aggregate(
        list_transform(range(getvariable('sentences')), lambda place: phrase(n, 1000 + place)), 'string_agg', ' '
    ) end as body,
    (200 + hash(n, 7) % 800)::integer as word_count,
    'sha256:' || hash(n, 8) as text_digest,
    case when page < n then identity(page, 'article') end as is_revision_of,
    'wirewatch' as extractor,
    '1' as extractor_version,
    day::timestamptz as interval_start,
    interval_start + interval 1 day as interval_end
from paged;

insert into captures by name
select
    capture_id, capture_id::varchar as capture_key, outlet_id, 'page' as kind, url, url as final_url, 200 as status,
    'text/html' as content_type, collected_at as fetched_at, text_digest as digest,
    outlet_id || '/' || day || '.warc.gz' as warc_file, (hash(article_id) % 100000000)::bigint as warc_offset,
    interval_start, interval_end
from articles
where day in (select day from made_days);

insert into attributions by name
with
-- An article has a voice for each statement to choose from; the first ones are chosen most.
stated as (
    select article_id, outlet_id, day, k, floor(dice(article_id, 60 + k) * (k + 1))::integer as voice
    from articles, range(5) t(k)
    where day in (select day from made_days)
),
said as (
    select *, case
        when dice(article_id, 70 + voice) < 0.3 then zipf(story(article_id, day), 80 + voice, getvariable('sources'))
        else zipf(article_id, 80 + voice, getvariable('sources'))
    end as rank, dice(article_id, 90 + voice) as named
    from stated
)
select
    identity(article_id, k) as attribution_id,
    article_id,
    outlet_id,
    day,
    k + 1 as ordinal,
    case when named < 0.8 and rank < getvariable('registered') then 'source-' || rank end as source_id,
    case when named < 0.8 then 'Source ' || rank end as source_name,
    case when named < 0.8 then 'Source ' || rank else getvariable('unnamed')[1 + (hash(article_id, voice) % 12)::integer] end as source_surface,
    case when named < 0.8 then 'named' when named < 0.9 then 'anonymous' else 'role' end as source_kind,
    case when source_id is not null and rank % 4 = 1 then 'source-' || rank // 10 end as parent_source_id,
    getvariable('cues')[1 + zipf(article_id, 100 + k, len(getvariable('cues')))] as cue,
    phrase(article_id, 200 + k) as content,
    content || ', ' || source_surface || ' ' || cue || '.' as sentence,
    case when dice(article_id, 40 + k) < 0.3 then 'direct' else 'indirect' end as kind,
    k * 200 as content_start,
    content_start + 80 as content_end,
    [[content_start, content_end]] as content_spans,
    [[k * 200 + 90, k * 200 + 98]] as source_spans,
    [[k * 200 + 99, k * 200 + 104]] as cue_spans,
    0.9 as confidence
from said;

insert into mentions by name
select
    article_id,
    day,
    case when k < 4 then 'place-' || zipf(article_id, 120 + k, 200)
        else 'source-' || zipf(article_id, 120 + k, getvariable('registered')) end as source_id,
    source_id as name,
    case when k < 4 then 'place' when k < 7 then 'person' else 'organisation' end as kind,
    (k * 90)::integer as start,
    (k * 90 + 9)::integer as "end"
from articles, range(8) t(k)
where day in (select day from made_days);

insert into figures by name
select
    article_id, day, attribution_id, (hash(attribution_id) % 90)::double as value, value as low, value as high,
    ['people', 'fighters', 'houses', 'ships', 'votes', 'soldiers', 'cases', 'deaths'][1 + zipf(attribution_id, 1, 8)] as counted,
    content_start as start, content_start + 2 as "end"
from attributions
where day in (select day from made_days) and dice(attribution_id, 9) < 0.2;

insert into authors by name
select article_id, 1 as position, 'Writer ' || zipf(article_id, 11, 3000) as name
from articles
where day in (select day from made_days) and byline is not null;

insert into clusters by name
with
copied as (
    select article_id, outlet_id, day, dated_at, row_number() over (partition by day order by hash(article_id)) as place
    from articles
    where day in (select day from made_days) and is_revision_of is null and dice(article_id, 12) < 0.25
),
grouped as (
    select *, first_value(article_id) over story as cluster_id, first_value(dated_at) over story as first_at
    from copied
    window story as (partition by day, place // 3 order by dated_at, article_id)
)
select
    cluster_id, article_id, outlet_id, day,
    case when article_id = cluster_id then 1.0 else 0.5 + dice(article_id, 13) / 2 end as similarity,
    article_id = cluster_id as is_first, epoch(dated_at - first_at)::bigint as lag,
    is_first as is_first_seen, lag as seen_lag, 1 - similarity as own_share
from grouped;

insert into signatures by name
select article_id, day, unhex(repeat(md5(url) || md5(title), 4)) as signature
from articles
where getvariable('is_signed') and day in (select day from made_days);

insert into bands by name
select article_id, day, ((k << 24) | (hash(article_id, k) & 16777215))::integer as band
from articles, range(42) t(k)
where getvariable('is_signed') and day in (select day from made_days);

insert into rejects by name
select
    'process' as stage, url || '?' as key, outlet_id, ['not_an_article', 'too_short', 'video', 'unchanged'][1 + zipf(article_id, 14, 4)] as reason,
    collected_at as "at", identity(article_id, 'reject') as capture_id, interval_start, interval_end
from articles
where day in (select day from made_days) and dice(article_id, 15) < 0.2;

insert into captures by name
select capture_id, outlet_id, 'page' as kind, key as url, 200 as status, "at" as fetched_at, interval_start, interval_end
from rejects
where interval_start in (select day::timestamptz from made_days);

insert into readings by name
select
    outlet_id || '/main' as feed_id, outlet_id, 'https://' || outlet_id || '.example/feed' as url,
    interval_start + interval 20 hour as "at", 'ok' as status, count(*) + 7 as found, count(*) as new, 7 as seen,
    0 as skipped, 0 as failed, interval_start, interval_end
from captures
where interval_start in (select day::timestamptz from made_days)
group by outlet_id, interval_start, interval_end;

insert into gaps by name
select
    'outlet-' || hash(day, k) % getvariable('outlets') as outlet_id, day::timestamptz as interval_start,
    interval_start + interval 1 day as interval_end, 'unreachable' as reason,
    'https://' || outlet_id || '.example/lost/' || k as key,
    interval_start as run_start, interval_end as run_end
from made_days, range(5) t(k);

create or replace temp table touched_days as select day from made_days;
create or replace temp table touched_health as
select distinct outlet_id, day from articles where day in (select day from made_days);
create or replace temp table touched_runs as
select day::timestamptz as interval_start, interval_start + interval 1 day as interval_end from made_days;
