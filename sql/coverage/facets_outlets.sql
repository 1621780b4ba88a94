-- title:    Outlets to choose from
-- question: Which outlets are there?
-- grain:    a row an outlet
-- reads:    outlets
select outlet_id, coalesce(name, outlet_id) as name, kind, language, country
from outlets
order by lower(coalesce(name, outlet_id)), outlet_id
