-- title:    Emerging terms
-- question: Which words stand in headlines now that hardly stood there before?
-- grain:    a row a word, or two words that stand together
-- params:   start date = last - 6, end date = last, baseline integer = 28, language varchar = null,
--           outlet varchar = null, least integer = 3, spread integer = 2, prior double = 10,
--           threshold double = 1.3, top integer = 20
-- reads:    daily_terms, articles
-- method:   Headlines with the term, against those of the `baseline` days before. z as in risers: the
--           difference of log odds over its standard error, with the odds over both periods as prior, of the
--           weight of `prior` headlines (Monroe, Colaresi and Quinn 2008, doi:10.1093/pan/mpn018). Words are
--           runs of letters and digits; of three letters at least. Terms of fewer than `least` headlines, or
--           of fewer than `spread` outlets, such as the name of a column, are left out; so is a word whose
--           every headline has it in one same pair of words. example: the newest such headline.
with
printed as (
    select term, outlet_id, day, headlines, day >= $start as is_now
    from daily_terms
    where day between $start - $baseline and $end
        and ($language is null or language = $language)
        and ($outlet is null or outlet_id = $outlet)
),
totals as (
    select
        coalesce(sum(headlines) filter (is_now), 0) as all_now,
        coalesce(sum(headlines) filter (not is_now), 0) as all_before
    from printed
    where term = ''
),
by_outlet as (
    select term, outlet_id, sum(headlines) as headlines, max(day) as last_day
    from printed
    where is_now and term <> ''
    group by term, outlet_id
),
frequent as (
    select term, sum(headlines) as now, count(*) as outlets, max(last_day) as last_day
    from by_outlet
    group by term
    having sum(headlines) >= $least and count(*) >= $spread
),
earlier as (
    select term, sum(headlines) as before
    from printed
    where not is_now and term in (select term from frequent)
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
),
emerged as (
    select *
    from scored
    where z >= $threshold and term not in (select term from said_in_pairs)
    order by z desc, now desc, term
    limit $top
),
-- Of the newest day with the term, whose headlines can have it, and then do.
examples as (
    select emerged.term, arg_max(articles.title, (articles.dated_at, articles.article_id)) as example
    from articles
    join emerged on articles.day = emerged.last_day
    where articles.day between $start and $end
        and articles.is_revision_of is null
        and ($language is null or articles.language = $language)
        and ($outlet is null or articles.outlet_id = $outlet)
        and contains(lower(articles.title), string_split(emerged.term, ' ')[1])
        and contains(
            ' ' || array_to_string(regexp_extract_all(lower(articles.title), '[\p{L}\p{M}\p{N}]+'), ' ') || ' ',
            ' ' || emerged.term || ' '
        )
    group by emerged.term
)
select
    emerged.term,
    now::bigint as headlines,
    before::bigint as headlines_before,
    round(now / all_now, 4) as share,
    round(before / nullif(all_before, 0), 4) as share_before,
    outlets,
    round(z, 2) as z,
    examples.example
from emerged
left join examples on examples.term = emerged.term
order by emerged.z desc, headlines desc, emerged.term
