-- Whoever writes a farm or a node names its grid: a default could contradict the id. The release before names it in every statement.
ALTER TABLE farms ALTER COLUMN grid DROP DEFAULT;
ALTER TABLE nodes ALTER COLUMN grid DROP DEFAULT;
