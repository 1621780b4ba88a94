-- title:    Languages to choose from
-- question: In which languages are there articles, and how many?
-- grain:    a row a language
-- reads:    daily_outlets
select language, sum(articles)::bigint as articles
from daily_outlets
where language is not null
group by language
order by articles desc, language
