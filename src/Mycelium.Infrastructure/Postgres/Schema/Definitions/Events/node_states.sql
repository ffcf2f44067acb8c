-- definition 1
-- A node as an event carries it: its row, and its farm's under "farm", as JSON. Rows are taken whole, so a column that a migration adds is in it.
CREATE OR REPLACE VIEW node_states AS
SELECT node.id, left(row_to_json(node)::text, -1) || ',"farm":' || (SELECT row_to_json(farm)::text FROM farms AS farm WHERE farm.id = node.farm_id) || '}' AS state
FROM nodes AS node;
