-- A copy of the sample's finished runs: the same rows, the same answers, and no request for what was copied.
SET search_path = bench, public;
SET timezone = 'UTC';
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
CREATE FUNCTION asked(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT requests FROM bench_request_stats() WHERE server = 'bench_server');
BEGIN
	EXECUTE statement;
	RETURN (SELECT requests FROM bench_request_stats() WHERE server = 'bench_server') - before;
END $$;
CALL bench_mirror('bench', 'copied', 'united');
CALL bench_mirror('bench', 'copied', 'united');
-- the copies are the runs, and the views are the tables; the items of no run among them
SELECT (SELECT count(*) FROM copied.test_runs) AS runs, (SELECT count(*) FROM copied.aggregates) AS aggregates, (SELECT count(*) FROM copied.results) AS results;
CREATE FUNCTION differences(a text, b text, condition text DEFAULT 'true') RETURNS TABLE (relation text, differences bigint) LANGUAGE plpgsql AS $$
BEGIN
	FOREACH relation IN ARRAY '{test_runs,aggregates,results}'::text[]
	LOOP
		EXECUTE format('WITH a AS (SELECT to_jsonb(t) - ''attributes'' AS r FROM %I.%I t WHERE %s), b AS (SELECT to_jsonb(t) - ''attributes'' AS r FROM %I.%I t WHERE %s)
			SELECT (SELECT count(*) FROM (TABLE a EXCEPT ALL TABLE b) d) + (SELECT count(*) FROM (TABLE b EXCEPT ALL TABLE a) d)',
			a, relation, condition, b, relation, condition) INTO differences;
		RETURN NEXT;
	END LOOP;
END $$;
SELECT * FROM differences('bench', 'united');
SELECT * FROM differences('bench', 'copied', 'test_run_id IN (SELECT test_run_id FROM copied.test_runs)');
-- what is asked for
SELECT asked($$SELECT * FROM united.test_runs WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$) AS run,
	asked($$SELECT * FROM united.results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$) AS results,
	asked($$SELECT * FROM united.test_runs JOIN united.aggregates USING (test_run_id) WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$) AS aggregates,
	asked($$SELECT * FROM copied.test_runs r, LATERAL (SELECT count(*) FROM united.aggregates a WHERE a.test_run_id = r.test_run_id) a$$) AS of_each,
	asked($$SELECT * FROM bench_missing_aggregates('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a', 'united')$$) AS missing_aggregates,
	asked($$SELECT * FROM bench_verify_aggregates('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a', 'united')$$) AS verify_aggregates,
	asked($$SELECT * FROM bench_missing_aggregates('latest', 'copied')$$) AS latest_copy;
SELECT count(*) FROM (SELECT * FROM bench_missing_aggregates(source => 'united') EXCEPT SELECT * FROM bench_missing_aggregates()) d;
-- and of what was not copied
DELETE FROM copied.test_runs WHERE test_run_id = :run;
SELECT asked($$SELECT * FROM united.test_runs WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$) AS run;
SELECT count(*) FROM united.test_runs WHERE test_run_id = :run;
CALL bench_mirror('bench', 'copied');
SELECT * FROM differences('bench', 'copied', 'test_run_id IN (SELECT test_run_id FROM copied.test_runs)');
-- aggregates made up for in the copy are as the source has them
SELECT config_id, invocation_type, sample_count, failed_count FROM bench_recompute_aggregates(:run, 'copied');
SELECT config_id, invocation_type, reason FROM bench_missing_aggregates(:run, 'copied');
SELECT config_id, invocation_type, reason, field FROM bench_verify_aggregates(:run, 'copied');
CREATE TABLE again AS SELECT * FROM copied.aggregates WHERE test_run_id = :run;
DELETE FROM copied.aggregates WHERE test_run_id = :run;
SELECT count(*) = (SELECT count(*) FROM again) AS all_again FROM bench_recompute_aggregates(:run, 'copied');
SELECT key, count(*) FROM copied.aggregates a JOIN again b USING (test_run_id, config_id, invocation_type),
	LATERAL (SELECT key FROM jsonb_each(to_jsonb(a)) x FULL JOIN jsonb_each(to_jsonb(b)) y USING (key)
		WHERE (CASE WHEN key LIKE '%\_stats' AND x.value <> 'null' THEN x.value - 'mode' ELSE x.value END)
			IS DISTINCT FROM (CASE WHEN key LIKE '%\_stats' AND y.value <> 'null' THEN y.value - 'mode' ELSE y.value END)) d
GROUP BY key ORDER BY key;
SELECT results > 0 AS results, aggregates > 0 AS aggregates, items, test_runs FROM bench_delete_run(:run, 'copied');
SET client_min_messages = warning;
DROP TABLE again;
DROP FUNCTION asked, differences;
DROP SCHEMA copied, united CASCADE;
