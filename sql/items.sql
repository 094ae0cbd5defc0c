-- The table items: everything there is, as JSON, with nothing lost.
SET search_path = bench, public;
SET datestyle = ISO;
SET timezone = 'UTC';
SELECT item_type, count(*) FROM items GROUP BY 1 ORDER BY 1;
-- every item is a run, an aggregate, a result, or none of them
SELECT (SELECT count(*) FROM items) AS items, (SELECT count(*) FROM test_runs) AS test_runs,
	(SELECT count(*) FROM aggregates) AS aggregates, (SELECT count(*) FROM results) AS results;
SELECT pk, sk, item_type, test_run_id, config_id, "timestamp" FROM items i
WHERE test_run_id IS NULL OR test_run_id NOT IN (SELECT test_run_id FROM test_runs) ORDER BY pk COLLATE "C", sk COLLATE "C";
SELECT pk, sk, count(*) FROM items GROUP BY 1, 2 HAVING count(*) > 1;
-- by key
SELECT jsonb_object_keys(item->'durationMsStats') AS member FROM items
WHERE pk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND sk = 'AGGREGATE#nodejs20-x86-light-512#cold' ORDER BY 1;
SELECT item->>'status' AS status, jsonb_typeof(item->'timestamp') IN ('number', 'string') AS typed FROM items
WHERE pk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND sk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a';
SELECT sk FROM items WHERE pk = 'TESTRUN#00000000-0000-4000-8000-00000000ed9e' ORDER BY sk COLLATE "C";
SELECT sk FROM items WHERE pk = 'TESTRUN#00000000-0000-4000-8000-00000000ed9e' AND sk LIKE 'AGG%';
SELECT requests($$SELECT sk FROM items WHERE pk = 'TESTRUN#00000000-0000-4000-8000-00000000ed9e' AND sk LIKE 'AGG%'$$);
SELECT requests($$SELECT pk, sk, test_run_id FROM items WHERE test_run_id = '00000000-0000-4000-8000-00000000ed9e'$$);
SELECT sk FROM items WHERE pk = 'DOCUMENT#00000000-0000-4000-8000-000000000d0c';
SELECT item->'content' AS content FROM items WHERE item_type = 'document-part';
-- the same item seen as what it is
SELECT i.item = a.attributes AS same FROM items i, aggregates a
WHERE i.pk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND i.sk = 'AGGREGATE#nodejs20-x86-light-512#cold'
	AND a.test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND a.config_id = 'nodejs20-x86-light-512' AND a.invocation_type = 'cold';
SELECT count(*) AS differing FROM results r LEFT JOIN items i
	ON i.pk = r.test_run_id || '#' || r.config_id AND i.sk = r.invocation_type || '#' || r.invocation_number
WHERE i.pk IS NULL OR (i.item->>'durationMs')::float8 IS DISTINCT FROM r.duration_ms OR i."timestamp" <> r."timestamp"
	OR i.item->>'functionName' IS DISTINCT FROM r.function_name;
