-- title:    A source's key
-- question: By what is a source called, in the registry or outside of it?
-- grain:    a value
create temp macro source_key(source_id, source_name) as coalesce(source_id, 'name:' || source_name)
