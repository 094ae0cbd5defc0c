/*
 * test_schema.c
 *		Which keys a schema admits and which are its own; the option "indexes".
 */
#include "base/br.h"

#include "access/schema.h"
#include "tap.h"

static BrSchema
schema_of(const char *entity)
{
	BrSchema	schema = {
		.table = "T", .entity = br_entity_find(entity),
		.pk_name = "pk", .pk_type = BR_TYPE_S, .sk_name = "sk", .sk_type = BR_TYPE_S
	};
	BrError		err;

	br_schema_set_templates(&schema, schema.entity->pk_template,
							schema.entity->sk_template, &err);
	br_schema_set_config(&schema, BR_CONFIG_TEMPLATE, &err);
	return schema;
}

/* "admitted", and "decodes" besides; "" if it is neither. */
static const char *
place_of(const char *entity, const char *pk, const char *sk)
{
	BrSchema	schema = schema_of(entity);
	BrText		values[2 * BR_MAX_VARIABLES];
	BrText		pk_text = {pk, strlen(pk)};
	BrText		sk_text = {sk, strlen(sk)};

	return psprintf("%s%s",
					br_schema_admits(&schema, pk_text, sk_text) ? "admitted" : "",
					br_schema_decode(&schema, pk_text, sk_text, values) ? ", decodes" : "");
}

static void
test_admitted(void)
{
	is_str(place_of("test_runs", "TESTRUN#r", "TESTRUN#r"), "admitted, decodes", "a run");
	is_str(place_of("test_runs", "TESTRUN#r", "TESTRUN#s"), "admitted", "two runs in one key");
	is_str(place_of("test_runs", "TESTRUN#r", "AGGREGATE#c#warm"), "", "an aggregate is no run");
	is_str(place_of("aggregates", "TESTRUN#r", "AGGREGATE#c#warm"), "admitted, decodes", "an aggregate");
	is_str(place_of("aggregates", "TESTRUN#r", "AGGREGATE#c#hot"), "admitted", "of another start type");
	is_str(place_of("aggregates", "TESTRUN#r", "NOTE#1"), "", "a note");
	is_str(place_of("aggregates", "r#c", "AGGREGATE#c#warm"), "", "an aggregate elsewhere");
	is_str(place_of("results", "r#c", "warm#1"), "admitted, decodes", "a result");
	is_str(place_of("results", "r#c", "warm#01"), "admitted", "a number with a zero");
	is_str(place_of("results", "settings", "warm#1"), "admitted", "a partition of its own");
	is_str(place_of("results", "TESTRUN#r", "warm#1"), "", "a run's partition");
	is_str(place_of("results", "DOCUMENT#r", "warm#1"), "", "a document's partition");
	is_str(place_of("items", "anything", "at all"), "admitted, decodes", "every item is an item");
}

static void
test_narrowed(void)
{
	BrSchema	schema = schema_of("items");
	BrText		values[2 * BR_MAX_VARIABLES];
	BrText		text = {"x", 1};

	ok(br_schema_decode(&schema, text, text, values), "a text is a text");
	br_schema_narrow(&schema, 0);
	ok(!br_schema_decode(&schema, text, text, values), "and no integer");
	ok(br_schema_decode(&schema, (BrText) {"17", 2}, text, values), "as 17 is");
}

static void
give(const BrSchema *schema, BrText *values, const char *name, const char *text)
{
	values[br_schema_value_of(schema, name)] = (BrText) {text, strlen(text)};
}

/* "pk | sk", or what is wrong and with which value. */
static const char *
compiled(const BrSchema *schema, BrText *values)
{
	static const char *const wrong[] = {
		[BR_COMPILED_UNKNOWN] = "unknown",
		[BR_COMPILED_CONTRADICTION] = "contradiction",
		[BR_COMPILED_IMPOSSIBLE] = "impossible"
	};
	StringInfoData pk;
	StringInfoData sk;
	int			value = -1;
	BrCompiled	result;

	initStringInfo(&pk);
	initStringInfo(&sk);
	result = br_schema_compile(schema, values, &pk, &sk, &value);
	if (result == BR_COMPILED)
		return psprintf("%s | %s", pk.data, sk.data);
	return psprintf("%s %s", wrong[result], value < 0 ? "all"
					: value < schema->vars.n ? schema->vars.list[value].name
					: schema->config_vars.list[value - schema->vars.n].name);
}

static void
test_compiled(void)
{
	BrSchema	schema = schema_of("aggregates");
	BrText		values[2 * BR_MAX_VARIABLES] = {0};

	is_str(compiled(&schema, values), "unknown runtime", "nothing is known");
	give(&schema, values, "configId", "c");
	is_str(compiled(&schema, values), "unknown testRunId", "the run is not");
	give(&schema, values, "testRunId", "r");
	give(&schema, values, "invocationType", "warm");
	is_str(compiled(&schema, values), "TESTRUN#r | AGGREGATE#c#warm", "all are");
	give(&schema, values, "runtime", "rust");
	is_str(compiled(&schema, values), "contradiction runtime", "no dimension can be of a configuration of another form");
	give(&schema, values, "configId", "rust-arm64-light-128");
	is_str(compiled(&schema, values), "TESTRUN#r | AGGREGATE#rust-arm64-light-128#warm", "of its form it can");
	ok(values[br_schema_value_of(&schema, "memorySizeMB")].len == 3, "and the others follow");
	give(&schema, values, "memorySizeMB", "256");
	is_str(compiled(&schema, values), "contradiction memorySizeMB", "another one contradicts");
	values[br_schema_value_of(&schema, "configId")].ptr = NULL;
	is_str(compiled(&schema, values), "TESTRUN#r | AGGREGATE#rust-arm64-light-256#warm", "the configuration from its dimensions");
	values[br_schema_value_of(&schema, "configId")].ptr = NULL;
	give(&schema, values, "architecture", "sparc");
	is_str(compiled(&schema, values), "impossible configId", "of a dimension that there is not");
	give(&schema, values, "architecture", "x86");
	give(&schema, values, "invocationType", "hot");
	is_str(compiled(&schema, values), "impossible all", "a start type that there is not");
	schema = schema_of("results");
	memset(values, 0, sizeof(values));
	give(&schema, values, "testRunId", "r#s");
	give(&schema, values, "configId", "c");
	give(&schema, values, "invocationType", "cold");
	give(&schema, values, "invocationNumber", "1");
	is_str(compiled(&schema, values), "impossible all", "it would be read as another run's");
	give(&schema, values, "testRunId", "DOCUMENT");
	is_str(compiled(&schema, values), "impossible all", "or as no result");
	give(&schema, values, "testRunId", "r");
	give(&schema, values, "invocationNumber", "01");
	is_str(compiled(&schema, values), "impossible all", "or with another number");
	give(&schema, values, "invocationNumber", "1");
	is_str(compiled(&schema, values), "r#c | cold#1", "a result");
}

static void
test_indexes(void)
{
	BrSchema	schema = schema_of("results");
	BrError		err;

	ok(br_schema_set_indexes(&schema, NULL, &err) && schema.nindexes == 0, "no option, no index");
	ok(br_schema_set_indexes(&schema,
							 "[{\"name\": \"A\", \"pk\": \"p\"},"
							 " {\"name\": \"B\", \"pk\": \"q\", \"pk_type\": \"N\", \"sk\": \"s\","
							 "  \"sk_type\": \"B\", \"complete\": true, \"sparse\": true, \"global\": false,"
							 "  \"projection\": [\"x\", \"y\"]}]", &err), "two of them");
	is_int(schema.nindexes, 2, "two");
	is_str(schema.indexes[0].info.name, "A", "the first one's name");
	ok(schema.indexes[0].info.global && !schema.indexes[0].complete && !schema.indexes[0].sparse &&
	   schema.indexes[0].info.sk == NULL && schema.indexes[0].info.pk_type == BR_TYPE_S &&
	   schema.indexes[0].info.projection == BR_PROJECTION_UNKNOWN, "what is not said is not assumed");
	ok(!schema.indexes[1].info.global && schema.indexes[1].complete && schema.indexes[1].sparse &&
	   schema.indexes[1].info.pk_type == BR_TYPE_N && schema.indexes[1].info.sk_type == BR_TYPE_B,
	   "what is said counts");
	ok(!br_index_projects(&schema, &schema.indexes[0], "x") &&
	   br_index_projects(&schema, &schema.indexes[0], "p") &&
	   br_index_projects(&schema, &schema.indexes[0], "sk"), "keys are in every index");
	ok(br_index_projects(&schema, &schema.indexes[1], "y") &&
	   !br_index_projects(&schema, &schema.indexes[1], "z"), "and what is included");
	ok(!br_schema_set_indexes(&schema, "{}", &err), "an object is refused");
	is_str(err.message, "\"indexes\" is no JSON array", "with its reason");
	ok(!br_schema_set_indexes(&schema, "[", &err), "half an array, too");
	ok(!br_schema_set_indexes(&schema, "[{\"name\": \"A\"}]", &err), "an index without a key");
	is_str(err.message, "an entry of \"indexes\" has no name or no pk", "with its reason");
	ok(!br_schema_set_indexes(&schema, "[7]", &err), "and a number");
}

int
main(void)
{
	test_admitted();
	test_narrowed();
	test_compiled();
	test_indexes();
	return done_testing();
}
