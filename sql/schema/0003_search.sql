-- title: which full-text index goes with the tables

-- The full-text index that says what these tables say: one row, written when they are published.
create table search_state (
    generation varchar              -- its folder beside the warehouse, named by what is in it
);
