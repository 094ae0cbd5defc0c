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
	test_indexes();
	return done_testing();
}
