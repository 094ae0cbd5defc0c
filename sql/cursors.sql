-- Scans that are left and taken up again, several at a time, and across errors.
SET search_path = bench, public;
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
\set other '\'d199b2c8-cba1-4eb0-b4c9-8aa7d3bd73d7\''
BEGIN;
DECLARE a CURSOR FOR SELECT config_id, invocation_type FROM aggregates WHERE test_run_id = :run;
DECLARE b CURSOR FOR SELECT config_id, invocation_type FROM aggregates WHERE test_run_id = :other;
FETCH 2 FROM a;
FETCH 2 FROM b;
FETCH 2 FROM a;
-- another query in between
SELECT count(*) FROM results WHERE test_run_id = :run;
MOVE 17 FROM a;
FETCH ALL FROM a;
FETCH 1 FROM a;
MOVE ALL FROM b;
COMMIT;
-- backwards needs a cursor that remembers
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT config_id, invocation_type FROM aggregates WHERE test_run_id = :run;
FETCH 3 FROM c;
FETCH BACKWARD 2 FROM c;
FETCH LAST FROM c;
FETCH FIRST FROM c;
COMMIT;
-- kept beyond the end of the transaction
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT config_id FROM aggregates WHERE test_run_id = :run AND invocation_type = 'cold';
FETCH 1 FROM held;
COMMIT;
FETCH 2 FROM held;
MOVE ALL FROM held;
CLOSE held;
-- an error in a subtransaction leaves the scan outside as it is, and ends the one inside
BEGIN;
DECLARE d CURSOR FOR SELECT config_id FROM aggregates WHERE test_run_id = :run;
FETCH 1 FROM d;
SAVEPOINT s;
DECLARE e CURSOR FOR SELECT config_id FROM aggregates WHERE test_run_id = :other;
FETCH 1 FROM e;
SELECT 1 / (sample_count - sample_count) FROM aggregates WHERE test_run_id = :run;
ROLLBACK TO s;
FETCH 1 FROM d;
FETCH 1 FROM e;
ROLLBACK TO s;
MOVE ALL FROM d;
COMMIT;
-- a scan that is not read to its end
SELECT count(*) FROM (SELECT config_id FROM results WHERE test_run_id = :run LIMIT 5) l;
SELECT EXISTS (SELECT FROM results WHERE test_run_id = :run AND duration_ms IS NULL);
-- PL/pgSQL leaves a loop
DO $$
DECLARE
	row_of record;
	n int := 0;
BEGIN
	FOR row_of IN SELECT config_id FROM bench.results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
	LOOP
		n := n + 1;
		EXIT WHEN n = 7;
		BEGIN
			IF n % 3 = 0 THEN
				PERFORM 1 / 0;
			END IF;
		EXCEPTION WHEN division_by_zero THEN
			NULL;
		END;
	END LOOP;
	RAISE NOTICE '% rows', n;
END $$;
