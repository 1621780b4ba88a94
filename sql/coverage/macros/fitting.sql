-- title:    Articles that fit
-- question: Which articles, first states only, do the filters let through?
-- grain:    a row an article
-- reads:    articles, attributions
-- method:   A filter that is null lets everything through. Of sources: articles that cite one of them.
create temp macro fitting(first_day, last_day, in_outlets, in_languages, of_sources) as table
select article_id, day, outlet_id, dated_at, language, wire_credit
from articles
where day between first_day and last_day
    and is_revision_of is null
    and (in_outlets is null or list_contains(in_outlets, outlet_id))
    and (in_languages is null or list_contains(in_languages, language))
    and (of_sources is null or article_id in (
        select article_id
        from attributions
        where day between first_day and last_day
            and list_contains(of_sources, source_key(source_id, source_name))
    ))
