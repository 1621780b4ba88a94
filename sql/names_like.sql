-- title:    The names most like one that was given
-- question: Is there an outlet, source or language of this name, and if not, which are most like it?
-- grain:    a row a name, the likest first
-- params:   kind varchar, given varchar, is_part boolean = false
-- reads:    outlets, daily_outlets, sources, daily_citations
-- method:   Jaro-Winkler of the name or one of its words, whatever the case; the same is only what is spelt the
--           same, as trends compare. With is_part, a source whose name holds the given one is the same.
with
names as (
    select outlet_id as name, outlet_id as answer from outlets where $kind = 'outlet'
    union
    select name, outlet_id from outlets where $kind = 'outlet'
    union
    select language, language from daily_outlets where $kind = 'language' and language is not null
    union
    select source_id, source_id from sources where $kind = 'source'
    union
    select name, name from sources where $kind = 'source'
    union
    select source_id, source_id from daily_citations where $kind = 'source' and source_id is not null
    union
    select source_name, source_name from daily_citations where $kind = 'source' and source_name is not null
)
select
    answer,
    bool_or(answer = $given or $is_part and contains(lower(name), lower($given))) as is_same,
    max(greatest(
        jaro_winkler_similarity(lower(name), lower($given)),
        -- "peskof" is like "Dmitry Peskov" by one of its words
        0.95 * list_max(list_transform(
            regexp_split_to_array(lower(name), '[ -]'), lambda word: jaro_winkler_similarity(word, lower($given))
        )),
        case when contains(lower(name), lower($given)) then 0.9 else 0 end
    )) as likeness
from names
group by answer
having is_same or likeness >= 0.8
order by is_same desc, likeness desc, answer
limit 3
