-- Foreign tables among others: joins, rescans, subqueries, and as the source of local changes.
SET search_path = bench, public;
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
\set other '\'d199b2c8-cba1-4eb0-b4c9-8aa7d3bd73d7\''
CREATE TABLE wanted (config_id text, kind text, note text);
INSERT INTO wanted VALUES ('nodejs20-x86-light-512', 'cold', 'there'), ('nodejs20-arm64-light-512', 'warm', 'missing'),
	('python3.12-x86-light-1024', 'warm', 'there'), (NULL, 'warm', 'null'), ('nodejs20-x86-light-512', 'cold', 'again');
ANALYZE wanted;
SELECT w.note, w.config_id, a.duration_ms_mean FROM wanted w
	JOIN aggregates a ON a.test_run_id = :run AND a.config_id = w.config_id AND a.invocation_type = w.kind ORDER BY 1, 2;
SELECT w.note, a.duration_ms_mean FROM wanted w
	LEFT JOIN aggregates a ON a.test_run_id = :run AND a.config_id = w.config_id AND a.invocation_type = w.kind ORDER BY 1, 2;
SELECT count(*), count(w.note) FROM wanted w
	RIGHT JOIN aggregates a ON a.config_id = w.config_id AND a.invocation_type = w.kind WHERE a.test_run_id = :run;
SELECT count(*) FROM aggregates a WHERE test_run_id = :run AND EXISTS (SELECT FROM wanted w WHERE w.config_id = a.config_id);
SELECT count(*) FROM aggregates a WHERE test_run_id = :run AND NOT EXISTS (SELECT FROM wanted w WHERE w.config_id = a.config_id);
SELECT count(*) FROM aggregates WHERE test_run_id = :run AND config_id IN (SELECT config_id FROM wanted);
-- the inner side of a nested loop, read again for each outer row
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SELECT w.note, a.sample_count FROM wanted w
	JOIN aggregates a ON a.test_run_id = :run AND a.config_id = w.config_id AND a.invocation_type = w.kind ORDER BY 1;
SELECT w.note, l.n, l.mean FROM wanted w,
	LATERAL (SELECT count(*) AS n, max(duration_ms_mean) AS mean FROM aggregates a
		WHERE a.test_run_id = :run AND a.config_id = w.config_id AND a.invocation_type = w.kind) l ORDER BY 1;
SELECT w.note, l.invocation_number FROM wanted w,
	LATERAL (SELECT invocation_number FROM results r WHERE r.test_run_id = :run AND r.config_id = w.config_id
		AND r.invocation_type = w.kind ORDER BY invocation_number LIMIT 2) l ORDER BY 1, 2;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
-- two runs
SELECT n.config_id, n.invocation_type, n.duration_ms_mean AS now, o.duration_ms_mean AS before,
	(100 * (n.duration_ms_mean / o.duration_ms_mean - 1))::numeric(6, 1) AS percent
FROM aggregates n JOIN aggregates o USING (config_id, invocation_type)
WHERE n.test_run_id = :run AND o.test_run_id = :other AND n.duration_ms_mean IS NOT NULL
ORDER BY abs(n.duration_ms_mean / o.duration_ms_mean - 1) DESC LIMIT 3;
SELECT config_id, invocation_type FROM aggregates WHERE test_run_id = :run
EXCEPT SELECT config_id, invocation_type FROM aggregates WHERE test_run_id = :other ORDER BY 1, 2;
-- CTEs, unions, windows, grouping
WITH r AS MATERIALIZED (SELECT invocation_type, duration_ms FROM results WHERE test_run_id = :run)
SELECT invocation_type, count(*), (percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms))::numeric(10, 2) AS median
FROM r GROUP BY ROLLUP (invocation_type) ORDER BY 1;
SELECT run, count(*) FROM (SELECT 'new' AS run, config_id FROM results WHERE test_run_id = :run
	UNION ALL SELECT 'old', config_id FROM results WHERE test_run_id = :other) u GROUP BY run ORDER BY run;
SELECT config_id, invocation_number, rank FROM (
	SELECT config_id, invocation_number, rank() OVER (PARTITION BY config_id ORDER BY duration_ms DESC) FROM results
	WHERE test_run_id = :run AND invocation_type = 'warm' AND duration_ms IS NOT NULL) x
WHERE rank = 1 ORDER BY config_id COLLATE "C";
-- local copies
CREATE TABLE mirror AS SELECT * FROM results WHERE test_run_id = :run;
SELECT count(*) FROM mirror;
INSERT INTO mirror SELECT * FROM results WHERE test_run_id = :other;
(SELECT * FROM mirror EXCEPT SELECT * FROM results) UNION ALL (SELECT * FROM results EXCEPT SELECT * FROM mirror);
UPDATE wanted w SET note = r.status FROM test_runs r WHERE r.test_run_id = :run AND w.note = 'there';
SELECT * FROM wanted ORDER BY config_id COLLATE "C", note;
DELETE FROM wanted w USING aggregates a WHERE a.test_run_id = :run AND a.config_id = w.config_id AND a.invocation_type = w.kind;
MERGE INTO wanted w USING (SELECT config_id, invocation_type FROM aggregates WHERE test_run_id = :run AND config_id LIKE 'nodejs20%') a
	ON w.config_id = a.config_id
	WHEN MATCHED THEN UPDATE SET note = 'merged' WHEN NOT MATCHED THEN INSERT VALUES (a.config_id, a.invocation_type, 'new');
SELECT * FROM wanted ORDER BY config_id COLLATE "C", kind;
-- a row lock has no meaning there, and is not refused
SELECT status FROM test_runs WHERE test_run_id = :run FOR UPDATE;
-- views and tables that inherit
CREATE VIEW latest AS SELECT config_id, invocation_type, duration_ms_mean FROM aggregates
	WHERE test_run_id = (SELECT test_run_id FROM test_runs ORDER BY "timestamp" DESC LIMIT 1);
SELECT duration_ms_mean FROM latest WHERE config_id = 'nodejs20-x86-light-512' AND invocation_type = 'cold';
CREATE TABLE all_results (LIKE results);
ALTER FOREIGN TABLE results INHERIT all_results;
INSERT INTO all_results (test_run_id, config_id) VALUES ('local', 'c');
SELECT tableoid::regclass, count(*) FROM all_results WHERE test_run_id IN (:run, 'local') GROUP BY 1 ORDER BY tableoid::regclass::text;
ALTER FOREIGN TABLE results NO INHERIT all_results;
DROP TABLE all_results, mirror, wanted;
DROP VIEW latest;
