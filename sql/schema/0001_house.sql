-- title: the tables of the warehouse
-- Comments above a table and beside a column are the data dictionary (docs/data.md). Ids are BIGINT hashes
-- of what makes a thing itself. No keys, indexes, sequences or enums, so that DuckLake takes the same SQL.

-- A publication we monitor, as its file in catalog/outlets describes it.
create table outlets (
    outlet_id varchar not null,     -- its file's name
    name varchar,                   -- as readers know it
    kind varchar,                   -- agency, aggregator, broadcaster, government, ngo, online, paper
    homepage varchar,
    language varchar,               -- ISO 639-1
    country varchar,                -- ISO 3166-1 alpha-2
    timezone varchar,               -- IANA name; the zone of dates on its pages that carry none
    watched_from date,              -- null: described, not collected
    watched_until date,             -- first day it is no longer collected
    sample boolean                  -- fictional, for demonstration
);

-- A list of new pages that an outlet gives: RSS, Atom, news sitemap or a listing page.
create table feeds (
    feed_id varchar not null,       -- outlet_id/name
    outlet_id varchar,
    url varchar,
    kind varchar                    -- syndication, sitemap, listing
);

-- The registry of actors, catalog/sources.toml: who can be cited by name.
create table sources (
    source_id varchar not null,     -- its key in the registry
    name varchar,
    kind varchar,                   -- person, institution, agency, outlet, group, ngo, company, place
    parent_id varchar,              -- source_id of what it is part of
    country varchar,                -- ISO 3166-1 alpha-2
    affiliation varchar,            -- state: a state owns or runs it
    wikidata varchar,               -- Q number
    aliases varchar[]               -- other names it is printed under
);

-- A fetched response, kept byte for byte in the archive.
create table captures (
    capture_id bigint not null,
    capture_key varchar,            -- full hash behind capture_id
    outlet_id varchar,
    kind varchar,                   -- page, feed, robots
    url varchar,                    -- as asked
    final_url varchar,              -- after redirects
    status integer,                 -- of HTTP
    content_type varchar,           -- the header
    fetched_at timestamptz,
    digest varchar,                 -- sha256 of the decoded body
    warc_file varchar,              -- relative to the archive
    warc_offset bigint,             -- where its record starts in that file
    interval_start timestamptz,     -- of the collecting run it belongs to
    interval_end timestamptz
);

-- What reading one feed once came to: found = new + seen + skipped + failed.
create table readings (
    feed_id varchar,
    outlet_id varchar,
    url varchar,
    "at" timestamptz,
    status varchar,                 -- ok, unchanged, empty, malformed, not_a_feed, http_error, unreachable, refused, oversize, not_archived
    found bigint,                   -- distinct URLs among its entries
    new bigint,                     -- fetched and archived now
    seen bigint,                    -- archived before, or through another feed of the run
    skipped bigint,                 -- left out by the feed's own patterns
    failed bigint,                  -- wanted and not got: each is a gap or a reject
    detail varchar,
    interval_start timestamptz,
    interval_end timestamptz
);

-- A page in one state of its text. The same text under the same address again is a reject, not an article.
create table articles (
    article_id bigint not null,
    article_key varchar,            -- full hash behind article_id: outlet, URL, digest of the page
    page_id bigint,                 -- hash of outlet and canonical URL: equal for all states of a page
    capture_id bigint,              -- the first capture of this state
    outlet_id varchar,
    url varchar,
    canonical_url varchar,          -- without what does not name the page
    title varchar,
    byline varchar,                 -- as printed
    dateline varchar,               -- the place, as printed
    wire_credit varchar,            -- the agency that supplied the copy, as printed
    site_name varchar,              -- how the page names its outlet
    section varchar,
    tags varchar[],
    language varchar,               -- ISO 639-1, detected on the body
    published_at timestamptz,       -- as the page or its feed says
    published_from varchar,         -- where that stood: json-ld, meta, time, url, text, feed, htmldate
    modified_at timestamptz,
    collected_at timestamptz,       -- our clock, at the capture
    dated_at timestamptz,           -- published_at; collected_at where there is none, or it is over an hour later or before 1990
    day date,                       -- UTC day of dated_at: the day an article counts for
    body varchar using compression zstd,
    word_count integer,
    text_digest varchar,            -- sha256 of title and body: equal for verbatim copies
    paywalled boolean,              -- the page says that there is more for subscribers
    is_revision_of bigint,          -- article_id of the page's state before this one; null: its first
    extractor varchar,              -- what read the page
    extractor_version varchar,
    interval_start timestamptz,     -- of the collecting run it belongs to
    interval_end timestamptz
);

-- The people an article names as its writers.
create table authors (
    article_id bigint not null,
    position integer,               -- from 1
    name varchar
);

-- Who said what, by which words of the body. Offsets count characters of articles.body from 0, end exclusive.
create table attributions (
    attribution_id bigint not null, -- hash of the article and the spans
    article_id bigint,
    outlet_id varchar,              -- of the article
    day date,                       -- of the article
    ordinal integer,                -- in the article, from 1
    source_id varchar,              -- in sources; null: not in the registry
    source_name varchar,            -- whoever is meant, where resolved
    source_surface varchar,         -- the words that name the source here
    source_kind varchar,            -- named, role, pronoun, organisation, document, outlet, anonymous, unresolved
    parent_source_id varchar,       -- the institution it speaks for
    via varchar,                    -- the agency or outlet it was told to or reported by, as named
    cue varchar,                    -- the reporting words
    content varchar using compression zstd,  -- what was said; parts are joined by " … "
    kind varchar,                   -- direct, mixed, indirect
    source_start integer,           -- of the source's first part
    source_end integer,
    cue_start integer,
    cue_end integer,
    content_start integer,          -- of the content's first part
    content_end integer,            -- of its last part
    source_spans integer[][],       -- every part, as [start, end]
    cue_spans integer[][],
    content_spans integer[][],
    sentence varchar using compression zstd,  -- the sentence of the cue, or of the content where there is no cue
    sentence_start integer,
    sentence_end integer,
    inside_id bigint,               -- attribution_id of the one whose content holds this one
    rule varchar,                   -- what resolved the source
    confidence double               -- 0..1
);

-- A person, organisation or place named in a body.
create table mentions (
    article_id bigint,
    source_id varchar,              -- in sources, where known
    name varchar,
    kind varchar,                   -- person, organisation, place
    start integer,
    "end" integer
);

-- A number with what it counts: "over 80 militants" is value 80, low 80, qualifier over.
create table figures (
    article_id bigint,
    attribution_id bigint,          -- who gives it; null: the article itself
    value double,
    low double,                     -- null: no bound on this side
    high double,
    qualifier varchar,              -- over, at least, nearly, up to, between, about
    unit varchar,                   -- %, km, USD; null: a plain count
    counted varchar,                -- militants
    start integer,
    "end" integer
);

-- The MinHash of a body; see pipeline/dedup.py.
create table signatures (
    article_id bigint not null,
    signature blob                  -- a byte a place
);

-- Numbers of which near-duplicates share at least one: how candidates are found.
create table bands (
    article_id bigint not null,
    day date,                       -- of the article: only a bounded window is compared
    band integer
);

-- Articles that are copies of each other, verbatim or nearly; an article without copies is in no cluster.
create table clusters (
    cluster_id bigint not null,     -- article_id of the first one
    article_id bigint,
    outlet_id varchar,              -- of the article
    day date,                       -- of the article
    similarity double,              -- estimated share of four-word shingles in common with the first, 0..1
    is_first boolean,               -- dated first; of two at the same instant, the smaller id
    lag bigint                      -- seconds from the first
);

-- An item that did not become an article, and why.
create table rejects (
    stage varchar,                  -- collect, process, load
    key varchar,                    -- the URL or file
    outlet_id varchar,
    reason varchar,                 -- a word of the closed list in pipeline/records.py
    detail varchar,
    "at" timestamptz,
    capture_id bigint,              -- of the page, where there is one
    interval_start timestamptz,
    interval_end timestamptz
);

-- Something an outlet published, or may have, that we do not have.
create table gaps (
    outlet_id varchar,
    interval_start timestamptz,     -- of the stretch of time that is lost
    interval_end timestamptz,
    reason varchar,                 -- a word of the closed list in pipeline/records.py
    key varchar,                    -- the feed or URL
    detail varchar,
    run_start timestamptz,          -- of the collecting run that noticed
    run_end timestamptz
);

-- One row a collecting run: an interval over all its outlets.
create table runs (
    interval_start timestamptz,
    interval_end timestamptz,
    outlets bigint,                 -- that were collected
    found bigint,                   -- as in readings, over all of them
    new bigint,
    seen bigint,
    skipped bigint,
    failed bigint,
    pages bigint,                   -- archived: articles + unchanged + rejected pages
    articles bigint,
    revisions bigint,               -- of these, later states of a page
    unchanged bigint,               -- pages whose text was known
    rejects bigint,                 -- of all stages, unchanged ones among them
    gaps bigint,
    attributions bigint,
    losses varchar[]                -- a sentence a gap
);

-- How one outlet did on one day of collecting.
create table outlet_health (
    outlet_id varchar,
    day date,                       -- UTC day that the collecting runs start on
    found bigint,
    new bigint,
    articles bigint,
    rejected bigint,                -- pages that are no articles; unchanged ones are not among them
    missing_date bigint,            -- articles without published_at
    median_words double,
    gaps bigint,
    verdict varchar                 -- lost, silent, losses, no articles, undated, ok
);

-- Rollup: what each outlet published on a day. First states of pages only.
create table daily_outlets (
    day date,
    outlet_id varchar,
    articles bigint,
    words bigint,
    attributions bigint,
    wire_articles bigint,           -- with a wire credit
    bylined_articles bigint         -- with a byline or an author
);

-- Rollup: whom each outlet cited on a day. First states of pages only.
create table daily_sources (
    day date,
    outlet_id varchar,
    source_id varchar,              -- in sources; null: not in the registry
    source_name varchar,            -- of those that are not in the registry
    voice varchar,                  -- identified, anonymous, unresolved
    attributions bigint,
    direct bigint,                  -- of these, wholly quoted
    articles bigint                 -- that cite it
);

-- Captures whose text was known already: rows that would stand in the tables if the earlier capture did not.
create schema held;
create table held.articles as from articles limit 0;
create table held.authors as select cast(null as bigint) as holding_capture_id, * from authors limit 0;
create table held.attributions as select cast(null as bigint) as holding_capture_id, * from attributions limit 0;
create table held.mentions as select cast(null as bigint) as holding_capture_id, * from mentions limit 0;
create table held.figures as select cast(null as bigint) as holding_capture_id, * from figures limit 0;
create table held.signatures as select cast(null as bigint) as holding_capture_id, * from signatures limit 0;
create table held.bands as select cast(null as bigint) as holding_capture_id, * from bands limit 0;
