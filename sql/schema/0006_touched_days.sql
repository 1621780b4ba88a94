-- title: which days a load touched, for the checks to look at
alter table unchecked add column day date;  -- a day whose articles it changed, a row each; null: the interval itself
