-- title:    Citations that fit
-- question: How often did each outlet cite each identified source on each day, as the filters have it?
-- grain:    a row a day, outlet, language and source
-- reads:    daily_sources
create temp macro cited(first_day, last_day, in_outlets, in_languages, of_sources) as table
select day, outlet_id, source_id, source_name, attributions, direct, articles
from daily_sources
where day between first_day and last_day
    and voice = 'identified'
    and (in_outlets is null or list_contains(in_outlets, outlet_id))
    and (in_languages is null or list_contains(in_languages, language))
    and (of_sources is null or list_contains(of_sources, source_key(source_id, source_name)))
