-- Statements that answers leave out unless asked for them: found without reading the table. The condition stands in src/store/search.rs
-- word for word, or the index is not used.

CREATE INDEX statement_aside ON statement(zone) WHERE zone IN ('caption', 'boilerplate') OR act = 'thought';
