-- title: over which time something was counted

alter table figures add column period varchar;  -- as printed, in lower case: in the last 24 hours; null: none is told
alter table figures add column period_start date;  -- first day of it, from the article's day; null: not told
alter table figures add column period_end date;  -- last day of it
alter table held.figures add column period varchar;
alter table held.figures add column period_start date;
alter table held.figures add column period_end date;
