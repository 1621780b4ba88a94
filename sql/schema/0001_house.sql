-- title: the tables of the warehouse
-- Comments above a table and beside a column are the data dictionary (docs/data.md). Ids are BIGINT hashes
-- of what makes a thing itself. No keys, indexes, sequences or enums, so that DuckLake takes the same SQL.

-- A publication we monitor, as its file in catalog/outlets describes it.
create table outlets (
    outlet_id varchar not null,     -- its file's name
    name varchar,                   -- as readers know it
    kind varchar,                   -- agency, aggregator, broadcaster, government, ngo, online, paper
    homepage varchar,               -- its front page
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
    outlet_id varchar,              -- in outlets
    url varchar,                    -- where it is
    kind varchar                    -- syndication, sitemap, listing
);

-- The registry of actors, catalog/sources.toml: who can be cited by name.
create table sources (
    source_id varchar not null,     -- its key in the registry
    name varchar,                   -- as we call it
    kind varchar,                   -- person, institution, agency, outlet, group, ngo, company, place
    parent_id varchar,              -- source_id of what it is part of
    country varchar,                -- ISO 3166-1 alpha-2
    affiliation varchar,            -- state: a state owns or runs it
    wikidata varchar,               -- Q number
    aliases varchar[]               -- other names it is printed under
);

-- A fetched response, kept byte for byte in the archive.
create table captures (
    capture_id bigint not null,     -- hash of outlet, URL, instant and digest
    capture_key varchar,            -- full hash behind capture_id
    outlet_id varchar,              -- in outlets
    kind varchar,                   -- page, feed, robots
    url varchar,                    -- as asked
    final_url varchar,              -- after redirects
    status integer,                 -- of HTTP
    content_type varchar,           -- the header
    fetched_at timestamptz,         -- our clock
    digest varchar,                 -- sha256 of the decoded body
    warc_file varchar,              -- relative to the archive
    warc_offset bigint,             -- where its record starts in that file
    interval_start timestamptz,     -- of the collecting run it belongs to
    interval_end timestamptz        -- where that run ends, exclusive
);

-- What reading one feed once came to: found = new + seen + skipped + failed.
create table readings (
    feed_id varchar,                -- in feeds
    outlet_id varchar,              -- in outlets
    url varchar,                    -- that was asked
    "at" timestamptz,               -- when
    status varchar,                 -- ok, unchanged, empty, malformed, not_a_feed, http_error, unreachable, refused, oversize, not_archived, not_due, disabled
    found bigint,                   -- distinct URLs among its entries
    new bigint,                     -- fetched and archived now
    seen bigint,                    -- archived before, or through another feed of the run
    skipped bigint,                 -- left out by the feed's own patterns
    failed bigint,                  -- wanted and not got: each is a gap or a reject
    detail varchar,                 -- what went wrong
    interval_start timestamptz,     -- of the collecting run it belongs to
    interval_end timestamptz        -- where that run ends, exclusive
);

-- A page in one state of its text. The same text under the same address again is a reject, not an article.
create table articles (
    article_id bigint not null,     -- hash of outlet, URL and digest of the page
    article_key varchar,            -- full hash behind article_id: outlet, URL, digest of the page
    page_id bigint,                 -- hash of outlet and canonical URL: equal for all states of a page
    capture_id bigint,              -- the first capture of this state
    outlet_id varchar,              -- in outlets
    url varchar,                    -- as captured
    canonical_url varchar,          -- without what does not name the page
    title varchar,                  -- as printed
    byline varchar,                 -- as printed
    dateline varchar,               -- the place, as printed
    wire_credit varchar,            -- the agency that supplied the copy, as printed
    site_name varchar,              -- how the page names its outlet
    section varchar,                -- of the outlet, as printed
    tags varchar[],                 -- the outlet's own keywords
    language varchar,               -- ISO 639-1, detected on the body
    language_confidence double,     -- of the detection, 0..1; null: the page's own word
    published_at timestamptz,       -- as the page or its feed says
    published_from varchar,         -- where that stood: json-ld, meta, time, url, text, feed, htmldate
    published_precision varchar,    -- instant: with its offset; local: a time read in the outlet's zone; day; null: of a feed
    published_offset integer,       -- minutes east of UTC, where the page says so
    published_refused varchar,      -- why a stated date was not taken, where none was
    modified_at timestamptz,        -- as the page says
    modified_from varchar,          -- where that stood: json-ld, meta, time
    collected_at timestamptz,       -- our clock, at the capture
    dated_at timestamptz,           -- published_at; collected_at where there is none, or it is over an hour later or before 1990
    day date,                       -- UTC day of dated_at: the day an article counts for
    body varchar using compression zstd,  -- paragraphs separated by a blank line
    word_count integer,             -- of the body
    text_digest varchar,            -- sha256 of title and body: equal for verbatim copies
    image_url varchar,              -- the picture that the page leads with
    notes varchar[],                -- of corrections and changes, as printed
    paywalled boolean,              -- the page says that there is more for subscribers
    is_revision_of bigint,          -- article_id of the page's state before this one; null: its first
    extractor varchar,              -- what read the page
    extractor_version varchar,      -- its version
    attribution_skipped varchar,    -- why no attribution was read, such as "language: pl"; null: it was
    interval_start timestamptz,     -- of the collecting run it belongs to
    interval_end timestamptz        -- where that run ends, exclusive
);

-- The people an article names as its writers.
create table authors (
    article_id bigint not null,     -- in articles
    position integer,               -- from 1
    name varchar                    -- a person
);

-- Who said what, by which words of the body. Offsets count characters of articles.body from 0, end exclusive.
create table attributions (
    attribution_id bigint not null, -- hash of the article and the spans
    article_id bigint,              -- in articles
    outlet_id varchar,              -- of the article
    day date,                       -- of the article
    ordinal integer,                -- in the article, from 1
    source_id varchar,              -- in sources; null: not in the registry
    source_name varchar,            -- whoever is meant, where resolved
    joint_names varchar[],          -- the others who say it too: "X and Y said" is X's, with Y
    source_surface varchar,         -- the words that name the source here
    source_kind varchar,            -- named, role, pronoun, organisation, document, outlet, anonymous, unresolved
    parent_source_id varchar,       -- the institution it speaks for
    via varchar,                    -- the agency or outlet it was told to or reported by, as named
    cue varchar,                    -- the reporting words
    content varchar using compression zstd,  -- what was said; parts are joined by " … "
    kind varchar,                   -- direct, mixed, indirect
    source_start integer,           -- of the source's first part
    source_end integer,             -- of that part, exclusive
    cue_start integer,              -- of the cue's first part
    cue_end integer,                -- of that part, exclusive
    content_start integer,          -- of the content's first part
    content_end integer,            -- of its last part
    source_spans integer[][],       -- every part, as [start, end]
    cue_spans integer[][],          -- as source_spans
    content_spans integer[][],      -- as source_spans
    sentence varchar using compression zstd,  -- the sentence of the cue, or of the content where there is no cue
    sentence_start integer,         -- of that sentence in the body
    sentence_end integer,           -- exclusive
    inside_id bigint,               -- attribution_id of the one whose content holds this one
    rule varchar,                   -- what resolved the source
    confidence double               -- 0..1
);

-- A person, organisation or place named in a body.
create table mentions (
    article_id bigint,              -- in articles
    source_id varchar,              -- in sources, where known
    name varchar,                   -- the canonical name where known, else as printed
    kind varchar,                   -- person, organisation, place
    start integer,                  -- of the mention in the body
    "end" integer                   -- where it ends, exclusive
);

-- A number with what it counts: "over 80 militants" is value 80, low 80, qualifier over.
create table figures (
    article_id bigint,              -- in articles
    attribution_id bigint,          -- who gives it; null: the article itself
    value double,                   -- as given
    low double,                     -- null: no bound on this side
    high double,                    -- as low
    qualifier varchar,              -- over, at least, nearly, up to, between, about
    unit varchar,                   -- %, km, USD; null: a plain count
    counted varchar,                -- militants
    start integer,                  -- of the figure in the body
    "end" integer                   -- where it ends, exclusive
);

-- The MinHash of a body; see pipeline/dedup.py.
create table signatures (
    article_id bigint not null,     -- in articles
    signature blob                  -- a byte a place
);

-- Numbers of which near-duplicates share at least one: how candidates are found.
create table bands (
    article_id bigint not null,     -- in articles
    day date,                       -- of the article: only a bounded window is compared
    band integer                    -- hash of four places of the signature
);

-- Articles that are copies of each other, verbatim or nearly; an article without copies is in no cluster.
create table clusters (
    cluster_id bigint not null,     -- article_id of the first one
    article_id bigint,              -- a member
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
    outlet_id varchar,              -- in outlets
    reason varchar,                 -- a word of the closed list in pipeline/records.py
    detail varchar,                 -- what exactly
    "at" timestamptz,               -- when
    capture_id bigint,              -- of the page, where there is one
    interval_start timestamptz,     -- of the collecting run it belongs to
    interval_end timestamptz        -- where that run ends, exclusive
);

-- Something an outlet published, or may have, that we do not have.
create table gaps (
    outlet_id varchar,              -- in outlets
    interval_start timestamptz,     -- of the stretch of time that is lost
    interval_end timestamptz,       -- where it ends, exclusive
    reason varchar,                 -- a word of the closed list in pipeline/records.py
    key varchar,                    -- the feed or URL
    detail varchar,                 -- what exactly
    run_start timestamptz,          -- of the collecting run that noticed
    run_end timestamptz             -- where that run ends, exclusive
);

-- One row a collecting run: an interval over all its outlets.
create table runs (
    interval_start timestamptz,     -- half-open: start <= instant < end
    interval_end timestamptz,       -- exclusive
    outlets bigint,                 -- that were collected
    found bigint,                   -- as in readings, over all of them
    new bigint,                     -- as in readings
    seen bigint,                    -- as in readings
    skipped bigint,                 -- as in readings
    failed bigint,                  -- as in readings
    pages bigint,                   -- archived: articles + unchanged + rejected pages
    articles bigint,                -- that stand in the tables
    revisions bigint,               -- of these, later states of a page
    unchanged bigint,               -- pages whose text was known
    rejects bigint,                 -- of all stages, unchanged ones among them
    gaps bigint,                    -- things known to be lost
    attributions bigint,            -- in the articles
    losses varchar[]                -- a sentence a gap
);

-- How one outlet did on one day of collecting.
create table outlet_health (
    outlet_id varchar,              -- in outlets
    day date,                       -- UTC day that the collecting runs start on
    found bigint,                   -- items in its feeds
    new bigint,                     -- pages archived
    articles bigint,                -- that stand in the tables
    rejected bigint,                -- pages that are no articles; unchanged ones are not among them
    missing_date bigint,            -- articles without published_at
    median_words double,            -- of the articles
    gaps bigint,                    -- things known to be lost
    verdict varchar                 -- lost, silent, losses, no articles, undated, ok
);

-- Rollup: what each outlet published on a day. First states of pages only.
create table daily_outlets (
    day date,                       -- of the articles
    outlet_id varchar,              -- in outlets
    articles bigint,                -- published
    words bigint,                   -- in their bodies
    attributions bigint,            -- in them
    wire_articles bigint,           -- with a wire credit
    bylined_articles bigint         -- with a byline or an author
);

-- Rollup: whom each outlet cited on a day. First states of pages only.
create table daily_sources (
    day date,                       -- of the articles
    outlet_id varchar,              -- in outlets
    source_id varchar,              -- in sources; null: not in the registry
    source_name varchar,            -- of those that are not in the registry
    voice varchar,                  -- identified, anonymous, unresolved
    attributions bigint,            -- to the source
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
