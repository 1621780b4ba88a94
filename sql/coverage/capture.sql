-- title:    One capture
-- question: What was fetched, when, and where does it lie in the archive?
-- grain:    one row; none where there is no such capture
-- params:   capture_id integer
-- reads:    captures
select
    capture_id,
    url,
    final_url,
    status,
    fetched_at,
    digest,
    warc_file,
    warc_offset,
    outlet_id,
    kind,
    content_type,
    interval_start
from captures
where capture_id = $capture_id
