
-- Documents that do not say whose they are: names of hosts and users, paths, addresses and mail become kind_hash, as in
-- newer exports of BenchBox.  The same name becomes the same hash with the same salt, so that results of one machine
-- remain those of one machine, and what has been replaced stays as it is.

CREATE FUNCTION @extschema@.benchbox_pseudonym(kind text, name text, salt text)
RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN name ~ '^([a-z]+_[0-9a-f]{8,16}|anonymous|<redacted>|\[REDACTED\]|)$' THEN name
		ELSE kind || '_' || left(encode(sha256(convert_to(concat_ws(chr(31), salt, kind, name), 'UTF8')), 'hex'), 12) END
$$;

COMMENT ON FUNCTION @extschema@.benchbox_pseudonym(text, text, text) IS
'what stands for a name in an anonymised document: its kind and 12 digits of a salted SHA-256';

CREATE FUNCTION @extschema@.benchbox_private_kind(key text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- by the key alone, whatever the value looks like
	SELECT CASE
		WHEN key ~* '(password|passwd|secret|token|credential|api_?key|private_?key|access_?key)' THEN 'secret'
		WHEN key ~* '^(host|host_?name|server|server_?name|server_?hostname|node|node_?name|machine_?name|computer_?name|fqdn)$' THEN 'host'
		WHEN key ~* '^(user|user_?name|login|owner|author|account|account_?name|submitted_?by|email|mail)$' THEN 'user'
		WHEN key ~* '^(machine_?id|anonymous_machine_id|mac|mac_?address|serial|serial_?number|device_?id|hardware_?id)$' THEN 'machine'
		WHEN key ~* '^(project|project_?id)$' THEN 'project'
		WHEN key ~* '^(dataset_?id)$' THEN 'dataset'
		WHEN key ~* '(^|_)bucket$' THEN 'bucket'
		WHEN key ~* '(^|_)(path|dir|directory|folder|working_directory|cwd)$' THEN 'path'
		WHEN key ~* '(^|_)(ip|ip_?address)$' THEN 'ip'
	END
$$;

COMMENT ON FUNCTION @extschema@.benchbox_private_kind(text) IS
'what kind of name a member holds by its key, for benchbox_anonymize; NULL if by its key it is none';

CREATE FUNCTION @extschema@.benchbox_scrubbed_text(value text, names text[], salt text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found record;
BEGIN
	IF value !~ '[/\\@~]|\d\.\d|::|:[0-9a-fA-F]+:' AND names IS NULL THEN
		RETURN value;
	ELSIF value ~ '^(~|/)[^/\n]*/[^\n]*$' THEN
		RETURN @extschema@.benchbox_pseudonym('path', value, salt);
	END IF;
	-- the longest first, for one may be a part of another
	FOR found IN
		SELECT DISTINCT p.kind, p.place, m[1] AS name, length(m[1]) AS size
		FROM (VALUES (1, 'uri', '[A-Za-z][A-Za-z0-9+.-]*://[^\s"''<>]+'),
				(2, 'email', '[[:alnum:]._%+-]+@[[:alnum:].-]*[[:alnum:]]'),
				(3, 'path', '(?<![[:alnum:]_])(?:[A-Za-z]:[\\/]|\\\\[[:alnum:]_.$-]+\\)[^"''<>|\n]*'),
				(4, 'path', '(?<![[:alnum:]_.:/<>*)\]])(?:~/|/[^\s"''<>|;,()*?:=/]+/)[^\s"''<>|;,()*?:=]*'),
				(5, 'ip', '(?<![[:alnum:]_.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![[:alnum:]_.])'),
				(6, 'ip', '(?<![[:alnum:]_:.])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,7}:(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?)(?![[:alnum:]_:])')
			) AS p(place, kind, pattern), LATERAL regexp_matches(value, '(' || p.pattern || ')', 'g') m
		ORDER BY place, size DESC, name
	LOOP
		value := replace(value, found.name, @extschema@.benchbox_pseudonym(found.kind, found.name, salt));
	END LOOP;
	-- as whole words only
	FOR found IN SELECT split_part(n, chr(31), 1) AS kind, split_part(n, chr(31), 2) AS name FROM unnest(names) n
	LOOP
		value := regexp_replace(value, '(?<![[:alnum:]_])' || regexp_replace(found.name, '([^[:alnum:]])', '\\\1', 'g') || '(?![[:alnum:]_])',
			@extschema@.benchbox_pseudonym(found.kind, found.name, salt), 'g');
	END LOOP;
	RETURN value;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_scrubbed_text(text, text[], text) IS
'a text without paths, addresses, mail and the given names, which are a kind and a name each';

CREATE FUNCTION @extschema@.benchbox_scrubbed(value jsonb, key text, names text[], salt text)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kind text;
	scrubbed jsonb;
BEGIN
	CASE jsonb_typeof(value)
		WHEN 'string' THEN
			-- what identifies the run or is of a fixed form
			IF key IN ('id', 'query_id', 'name', 'status', 'run_type', 'timestamp', 'version', 'schema_version', 'tool', 'stream_id', 'details_location') THEN
				RETURN value;
			END IF;
			kind := @extschema@.benchbox_private_kind(key);
			RETURN to_jsonb(CASE WHEN kind = 'secret' THEN CASE value#>>'{}' WHEN '' THEN '' ELSE '<redacted>' END
				WHEN kind IS NOT NULL THEN @extschema@.benchbox_pseudonym(kind, value#>>'{}', salt)
				ELSE @extschema@.benchbox_scrubbed_text(value#>>'{}',
					CASE WHEN key ~* '(message|error|warning|notes?|description|stderr|stdout|traceback|command)s?$' THEN names END, salt) END);
		WHEN 'array' THEN
			RETURN (SELECT coalesce(jsonb_agg(@extschema@.benchbox_scrubbed(e, key, names, salt) ORDER BY place), '[]')
				FROM jsonb_array_elements(value) WITH ORDINALITY AS elements(e, place));
		WHEN 'object' THEN
			SELECT coalesce(jsonb_object_agg(m.key, CASE WHEN jsonb_typeof(m.value) IN ('string', 'array', 'object')
				THEN @extschema@.benchbox_scrubbed(m.value, m.key, names, salt) ELSE m.value END), '{}') INTO scrubbed
			FROM jsonb_each(value) m;
			-- what has become longer may have to be cut
			IF jsonb_typeof(value->'sql_text') = 'string' AND value->'sql_text' <> scrubbed->'sql_text' THEN
				scrubbed := scrubbed || @extschema@.benchbox_sql_text(scrubbed->>'sql_text', value->'sql_truncated' = 'true');
			END IF;
			RETURN scrubbed;
		ELSE
			RETURN value;
	END CASE;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_scrubbed(jsonb, text, text[], text) IS
'a value of a document, and all that is in it, anonymised; key is that of the member that holds it';

CREATE FUNCTION @extschema@.benchbox_anonymize(doc jsonb, salt text)
RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	block text := CASE WHEN doc ? 'run' THEN 'environment' ELSE 'system' END;
	profile jsonb := CASE jsonb_typeof(doc->block) WHEN 'object' THEN doc->block ELSE '{}' END;
	names text[] := ARRAY(SELECT kind || chr(31) || name
		FROM (VALUES ('host', profile->>'hostname'), ('user', profile->>'username')) AS n(kind, name)
		WHERE length(name) > 2 AND name <> @extschema@.benchbox_pseudonym(kind, name, salt));
	scrubbed jsonb := @extschema@.benchbox_scrubbed(doc, NULL, nullif(names, '{}'), salt);
BEGIN
	IF jsonb_typeof(profile->'memory_gb') = 'number' THEN
		scrubbed := jsonb_set(scrubbed, ARRAY[block, 'memory_gb'], to_jsonb(round((profile->>'memory_gb')::numeric)));
	END IF;
	IF jsonb_typeof(scrubbed->'export') = 'object' THEN
		scrubbed := jsonb_set(scrubbed, '{export,anonymized}', 'true');
	END IF;
	-- newer exports may have none; where there is one it has been replaced
	IF block = 'system' AND coalesce(jsonb_typeof(scrubbed->'metadata'), 'object') = 'object' AND NOT coalesce(scrubbed->'metadata', '{}') ? 'anonymous_machine_id' THEN
		scrubbed := scrubbed || jsonb_build_object('metadata', coalesce(scrubbed->'metadata', '{}') || jsonb_build_object('anonymous_machine_id',
			@extschema@.benchbox_pseudonym('machine', coalesce(profile->>'hostname', (profile - '{username,python_version,memory_gb}'::text[])::text), salt)));
	END IF;
	RETURN scrubbed;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_anonymize(jsonb, text) IS
'a document without names of hosts and users, paths, addresses and mail; they become hashes with a salt, which is to be kept secret';
