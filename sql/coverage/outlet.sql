-- title:    One outlet
-- question: Which publication is it?
-- grain:    one row; none where there is no such outlet
-- params:   outlet_id varchar
-- reads:    outlets
select outlet_id, coalesce(name, outlet_id) as name, kind, homepage, country, language
from outlets
where outlet_id = $outlet_id
