-- title: who had a text first, how much of a copy is its own, and what was loaded but not audited
alter table clusters add column is_first_seen boolean;  -- had before all others, whatever dates they state
alter table clusters add column seen_lag bigint;  -- seconds from the one first seen
alter table clusters add column own_share double;  -- estimated share of its shingles that the first does not have, 0..1

-- Intervals loaded and not yet passed by the checks; nothing is published while there is one.
create table unchecked (
    interval_start timestamptz,     -- half-open: start <= instant < end
    interval_end timestamptz        -- exclusive
);
