-- title:    which words each outlet's headlines had on a day
-- question: In how many headlines of the touched days did each word, or two that stand together, stand?
-- grain:    a row a day, term, outlet and language
-- reads:    articles, touched_days
-- method:   Words are runs of letters and digits, in lower case; of one or two letters they count in pairs only.
--           The empty term counts all headlines.
with
titles as (
    select day, outlet_id, language, regexp_extract_all(lower(title), '[\p{L}\p{M}\p{N}]+') as words
    from articles
    where day in (select day from touched_days) and is_revision_of is null and title is not null
),
printed as (
    select day, outlet_id, language, unnest(list_distinct(list_concat(
        [''],
        list_filter(words, lambda word: length(word) >= 3),
        list_transform(range(1, len(words)), lambda place: words[place] || ' ' || words[place + 1])
    ))) as term
    from titles
)
select day, term, outlet_id, language, count(*) as headlines
from printed
group by day, term, outlet_id, language
order by day, term, outlet_id, language
