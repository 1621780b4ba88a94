-- title:    Something is loaded
-- question: Was anything loaded at all for what is checked?
-- grain:    a row that says what to do where nothing was
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    runs
select
    strftime(cast($start as timestamptz), '%Y-%m-%d') as day,
    'nothing is loaded for it, so nothing was checked: run `wirewatch load` for that day first' as finding
where not exists (from runs where interval_start >= $start and interval_start < $end)
