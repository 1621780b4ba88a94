-- title:    Languages to choose from
-- question: In which languages are there articles, and how many?
-- grain:    a row a language
-- reads:    articles
select language, count(*) as articles
from articles
where is_revision_of is null and language is not null
group by language
order by articles desc, language
