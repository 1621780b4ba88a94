-- title:    Emerging terms
-- question: Which words stand in headlines now that hardly stood there before?
-- grain:    a row a word, or two words that stand together
-- params:   start date = last - 6, end date = last, baseline integer = 28, language varchar = null,
--           outlet varchar = null, least integer = 3, spread integer = 2, prior double = 10,
--           threshold double = 1.3, top integer = 20
-- reads:    articles
-- method:   Headlines with the term, against those of the `baseline` days before. z as in risers: the
--           difference of log odds over its standard error, with the odds over both periods as prior, of the
--           weight of `prior` headlines (Monroe, Colaresi and Quinn 2008, doi:10.1093/pan/mpn018). Words are
--           runs of letters and digits; of three letters at least. Terms of fewer than `least` headlines, or
--           of fewer than `spread` outlets, such as the name of a column, are left out; so is a word whose
--           every headline has it in one same pair of words. example: the newest such headline.
with
titles as (
    select
        article_id,
        outlet_id,
        dated_at,
        title,
        day >= $start as is_now,
        regexp_extract_all(lower(title), '[\p{L}\p{M}\p{N}]+') as words
    from articles
    where day between $start - $baseline and $end
        and is_revision_of is null
        and title is not null
        and ($language is null or language = $language)
        and ($outlet is null or outlet_id = $outlet)
),
totals as (
    select count(*) filter (is_now) as all_now, count(*) filter (not is_now) as all_before
    from titles
),
printed as (
    select article_id, unnest(list_distinct(words)) as term
    from titles
    where is_now
    union all
    select
        article_id,
        unnest(list_distinct(list_transform(
            range(1, len(words)), lambda place: words[place] || ' ' || words[place + 1]
        ))) as term
    from titles
    where is_now
),
frequent as (
    select
        printed.term,
        count(*) as now,
        count(distinct titles.outlet_id) as outlets,
        arg_max(titles.title, (titles.dated_at, titles.article_id)) as example
    from printed
    join titles on titles.article_id = printed.article_id
    where length(printed.term) >= 3
    group by printed.term
    having count(*) >= $least and count(distinct titles.outlet_id) >= $spread
),
earlier_terms as (
    select unnest(list_distinct(words)) as term
    from titles
    where not is_now
    union all
    select unnest(list_distinct(list_transform(
        range(1, len(words)), lambda place: words[place] || ' ' || words[place + 1]
    ))) as term
    from titles
    where not is_now
),
earlier as (
    select term, count(*) as before
    from earlier_terms
    where term in (select term from frequent)
    group by term
),
scored as (
    select
        frequent.*,
        coalesce(earlier.before, 0) as before,
        all_now,
        all_before,
        $prior * (now + coalesce(earlier.before, 0)) / (all_now + all_before) as pull,
        (
            ln((now + pull) / greatest(all_now + $prior - now - pull, 0.5))
            - ln((coalesce(earlier.before, 0) + pull)
                / greatest(all_before + $prior - coalesce(earlier.before, 0) - pull, 0.5))
        ) / sqrt(1 / (now + pull) + 1 / (coalesce(earlier.before, 0) + pull)) as z
    from frequent
    cross join totals
    left join earlier on earlier.term = frequent.term
),
pair_words as (
    select unnest(string_split(term, ' ')) as word, now
    from scored
    where contains(term, ' ')
),
said_in_pairs as (
    select scored.term
    from scored
    join pair_words on pair_words.word = scored.term and pair_words.now = scored.now
)
select
    term,
    now as headlines,
    before as headlines_before,
    round(now / all_now, 4) as share,
    round(before / nullif(all_before, 0), 4) as share_before,
    outlets,
    round(z, 2) as z,
    example
from scored
where z >= $threshold
    and term not in (select term from said_in_pairs)
order by z desc, headlines desc, term
limit $top
