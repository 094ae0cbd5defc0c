/*
 * test_choose.c
 *		From predicates to requests, on both shapes of the benchmark table.
 */
#include "base/br.h"

#include "access/choose.h"
#include "access/key.h"
#include "tap.h"

static const char *live_attributes[] = {"durationMs", "memorySizeMB"};

static BrIndex indexes[] = {
	{.info = {.name = "ConfigIndex", .global = true, .pk = "configId", .pk_type = BR_TYPE_S,
			.sk = "timestamp", .sk_type = BR_TYPE_N, .projection = BR_PROJECTION_INCLUDE,
			.nincluded = lengthof(live_attributes), .included = live_attributes},
	.complete = true},
	{.info = {.name = "TestRunIndex", .global = true, .pk = "testRunId", .pk_type = BR_TYPE_S,
			.sk = "timestamp", .sk_type = BR_TYPE_N, .projection = BR_PROJECTION_INCLUDE,
			.nincluded = lengthof(live_attributes), .included = live_attributes},
	.complete = true}
};

static BrSchema
schema_of(const char *entity)
{
	BrSchema	schema = {
		.table = "T", .entity = br_entity_find(entity),
		.pk_name = "pk", .pk_type = BR_TYPE_S, .sk_name = "sk", .sk_type = BR_TYPE_S,
		.nindexes = lengthof(indexes), .indexes = indexes, .items = 100000
	};
	BrError		err;

	br_schema_set_templates(&schema, schema.entity->pk_template,
							schema.entity->sk_template, &err);
	br_schema_set_config(&schema, BR_CONFIG_TEMPLATE, &err);
	return schema;
}

/* One line for each access: "Query ConfigIndex", "GetItem", "Scan" ... */
static const char *
accesses_of(const BrSchema *schema, BrPredicates predicates, const char *needed,
			BrFreshness freshness)
{
	BrAccess	accesses[BR_MAX_ACCESSES];
	StringInfoData out;
	int			n = br_choose(schema, predicates, needed ? 1 : 0, &needed, false,
							  freshness, accesses);

	initStringInfo(&out);
	for (int i = 0; i < n; i++)
	{
		static const char *const fetches[] = {"", " by keys", " by partitions"};

		appendStringInfo(&out, "%s%s%s%s%s", i > 0 ? ", " : "",
						 br_operation_name(accesses[i].op),
						 accesses[i].index >= 0 ? " " : "",
						 accesses[i].index >= 0
						 ? schema->indexes[accesses[i].index].info.name : "",
						 fetches[accesses[i].fetch]);
	}
	return out.data;
}

static void
append_read(StringInfo out, const BrRead *read)
{
	if (out->len > 0)
		appendStringInfoString(out, "; ");
	for (int i = 0; i < read->nkeys; i++)
		appendStringInfo(out, "%s%.*s, %.*s", i > 0 ? " | " : "",
						 (int) read->keys[i].pk->len, read->keys[i].pk->text,
						 read->keys[i].sk ? (int) read->keys[i].sk->len : 0,
						 read->keys[i].sk ? read->keys[i].sk->text : "");
	if (read->key_condition != NULL)
		br_condition_append_text(out, read->key_condition);
	if (read->filter != NULL)
	{
		appendStringInfoString(out, " / ");
		br_condition_append_text(out, read->filter);
	}
}

static bool
is_list(const BrPredicate *pred)
{
	return pred->op == BR_PRED_IN || pred->op == BR_PRED_NOT_IN;
}

/*
 * What an access asks: key condition / filter, or keys, of each read; NULL:
 * nothing. The values of an IN are separated by commas.
 */
static const char *
asked(const BrSchema *schema, BrAccess access, BrPredicates predicates,
	  const char *const *values)
{
	BrTexts		texts[8] = {0};
	StringInfoData out;
	BrReads		reads;
	BrError		err;

	for (int i = 0; i < predicates.n; i++)
	{
		const BrPredicate *pred = &predicates.list[i];
		const char *p;

		if (pred->value < 0 || texts[pred->value].n > 0)
			continue;
		p = values[pred->value];

		for (;;)
		{
			size_t		len = is_list(pred) ? strcspn(p, ",") : strlen(p);

			if (!is_list(pred) || len > 0)
				br_texts_add(&texts[pred->value], (BrText) {p, len});
			p += len;
			if (*p == '\0')
				break;
			p++;
		}
	}
	if (!br_bind(schema, &access, predicates, texts, 1000, &reads, &err))
		return psprintf("error: %s", err.message);
	if (reads.n == 0)
		return NULL;
	initStringInfo(&out);
	for (int i = 0; i < reads.n; i++)
		append_read(&out, &reads.list[i]);
	return out.data;
}

#define EQ(attr, number) {.attribute = attr, .type = BR_TYPE_S, .op = BR_PRED_EQ, .value = number, .exact = true}
#define BEGINS(attr, number) {.attribute = attr, .type = BR_TYPE_S, .op = BR_PRED_PREFIX, .value = number, .exact = true}
#define IN(attr, number, n) {.attribute = attr, .type = BR_TYPE_S, .op = BR_PRED_IN, .value = number, .count = n, .exact = true}
#define ALL(list) ((BrPredicates) {lengthof(list), list})
#define GET_ITEM ((BrAccess) {BR_OP_GET_ITEM, -1, BR_FETCH_NOTHING, 1})
#define QUERY ((BrAccess) {BR_OP_QUERY, -1, BR_FETCH_NOTHING, 1})
#define SCAN ((BrAccess) {BR_OP_SCAN, -1, BR_FETCH_NOTHING, 1})
#define QUERY_INDEX(i) ((BrAccess) {BR_OP_QUERY, i, BR_FETCH_NOTHING, 1})

static void
test_aggregates(void)
{
	BrSchema	schema = schema_of("aggregates");
	BrPredicate run[] = {EQ("testRunId", 0)};
	BrPredicate run_config[] = {EQ("testRunId", 0), EQ("configId", 1)};
	BrPredicate full[] = {EQ("testRunId", 0), EQ("configId", 1), EQ("invocationType", 2)};
	BrPredicate config[] = {EQ("configId", 1)};
	BrPredicate begins[] = {EQ("testRunId", 0), BEGINS("configId", 1)};
	const char *values[] = {"R", "rust-arm64-light-128", "warm"};
	const char *odd[] = {"R", "C", "hot"};

	is_str(accesses_of(&schema, ALL(run), "durationMsStats", BR_FRESH_EVENTUALLY), "Query",
		   "AP1: the run's partition; no index has the statistics");
	is_str(accesses_of(&schema, ALL(run), "durationMs", BR_FRESH_EVENTUALLY),
		   "Query, Query TestRunIndex", "an index that covers is a way as well");
	is_str(accesses_of(&schema, ALL(full), "durationMsStats", BR_FRESH_EVENTUALLY), "GetItem",
		   "AP2: the full key");
	is_str(accesses_of(&schema, ALL(config), "durationMs", BR_FRESH_EVENTUALLY),
		   "Query ConfigIndex", "AP4: the configuration's index");
	is_str(accesses_of(&schema, ALL(config), "durationMsStats", BR_FRESH_EVENTUALLY),
		   "Query ConfigIndex by keys, Scan, Scan ConfigIndex by keys, Scan TestRunIndex by keys",
		   "with the statistics from the table");
	is_str(accesses_of(&schema, ALL(config), "durationMs", BR_FRESH_ALL), "Scan",
		   "a strong read never takes a global index");
	is_str(accesses_of(&schema, ALL(config), "durationMs", BR_FRESH_VALUES),
		   "Query ConfigIndex by keys, Scan, Scan ConfigIndex by keys, Scan TestRunIndex by keys",
		   "where only values must be new, it takes no more than keys from one");

	is_str(asked(&schema, QUERY, ALL(run), values),
		   "pk = 'TESTRUN#R' AND begins_with(sk, 'AGGREGATE#')", "AP1's condition");
	is_str(asked(&schema, QUERY, ALL(run_config), values),
		   "pk = 'TESTRUN#R' AND begins_with(sk, 'AGGREGATE#rust-arm64-light-128#')",
		   "narrowed by the configuration");
	is_str(asked(&schema, QUERY, ALL(begins), values),
		   "pk = 'TESTRUN#R' AND begins_with(sk, 'AGGREGATE#rust-arm64-light-128')",
		   "narrowed by how it begins");
	is_str(asked(&schema, GET_ITEM, ALL(full), values),
		   "TESTRUN#R, AGGREGATE#rust-arm64-light-128#warm", "AP2's key");
	is_str(asked(&schema, GET_ITEM, ALL(full), odd), NULL,
		   "a type that is none has no key, so nothing is asked");
	is_str(asked(&schema, QUERY_INDEX(0), ALL(config), values),
		   "configId = 'rust-arm64-light-128' / begins_with(pk, 'TESTRUN#') AND "
		   "begins_with(sk, 'AGGREGATE#rust-arm64-light-128#')",
		   "siblings in an index are told apart by the table's keys");
	is_str(asked(&schema, SCAN, ALL(config), values),
		   " / begins_with(pk, 'TESTRUN#') AND begins_with(sk, 'AGGREGATE#rust-arm64-light-128#')",
		   "and in a Scan");
}

static void
test_dimensions(void)
{
	BrSchema	schema = schema_of("aggregates");
	BrPredicate all[] = {
		EQ("testRunId", 0), EQ("runtime", 1), EQ("architecture", 2),
		EQ("workloadType", 3), EQ("memorySizeMB", 4), EQ("invocationType", 5)
	};
	BrPredicate leading[] = {EQ("testRunId", 0), EQ("runtime", 1), EQ("architecture", 2)};
	const char *values[] = {"R", "rust", "arm64", "cpu-intensive", "128", "warm"};
	const char *odd[] = {"R", "rust", "riscv", "light", "128", "warm"};

	is_str(accesses_of(&schema, ALL(all), "durationMsStats", BR_FRESH_EVENTUALLY), "GetItem",
		   "four dimensions make a configuration");
	is_str(asked(&schema, GET_ITEM, ALL(all), values),
		   "TESTRUN#R, AGGREGATE#rust-arm64-cpu-intensive-128#warm", "and its key");
	is_str(asked(&schema, GET_ITEM, ALL(all), odd), NULL,
		   "an architecture that is none makes no key");
	is_str(asked(&schema, QUERY, ALL(leading), values),
		   "pk = 'TESTRUN#R' AND begins_with(sk, 'AGGREGATE#rust-arm64-')",
		   "the leading ones narrow the Query");
}

static void
test_results(void)
{
	BrSchema	schema = schema_of("results");
	BrPredicate run[] = {EQ("testRunId", 0)};
	BrPredicate some[] = {
		EQ("testRunId", 0), {.attribute = "timestamp", .type = BR_TYPE_N, .op = BR_PRED_GE, .value = 1}
	};
	BrPredicate both[] = {EQ("testRunId", 0), EQ("configId", 1)};
	BrPredicate type[] = {EQ("testRunId", 0), EQ("configId", 1), EQ("invocationType", 2)};
	BrPredicate full[] = {
		EQ("testRunId", 0), EQ("configId", 1), EQ("invocationType", 2), EQ("invocationNumber", 3)
	};
	BrPredicate none[] = {EQ("success", 0)};
	const char *values[] = {"R", "C", "warm", "7"};
	const char *hash[] = {"a#b", "c", "warm", "7"};

	is_str(accesses_of(&schema, ALL(run), "durationMs", BR_FRESH_EVENTUALLY), "Query TestRunIndex",
		   "AP3: the run's index");
	is_str(accesses_of(&schema, ALL(run), "functionName", BR_FRESH_EVENTUALLY),
		   "Query TestRunIndex by partitions, Query TestRunIndex by keys, Scan, Scan ConfigIndex by keys, Scan TestRunIndex by keys",
		   "which does not have every attribute, so the partitions it names are read");
	is_str(accesses_of(&schema, ALL(some), "functionName", BR_FRESH_EVENTUALLY),
		   "Query TestRunIndex by keys, Scan, Scan ConfigIndex by keys, Scan TestRunIndex by keys",
		   "or the keys, if an interval is wanted");
	is_str(accesses_of(&schema, ALL(both), "functionName", BR_FRESH_EVENTUALLY), "Query",
		   "a run and a configuration are a partition");
	is_str(accesses_of(&schema, ALL(full), NULL, BR_FRESH_EVENTUALLY),
		   "GetItem, Query ConfigIndex, Query TestRunIndex", "a full key");

	is_str(asked(&schema, QUERY_INDEX(1), ALL(run), values),
		   "testRunId = 'R' / begins_with(pk, 'R#')", "AP3's condition");
	is_str(asked(&schema, QUERY, ALL(type), values),
		   "pk = 'R#C' AND begins_with(sk, 'warm#')", "narrowed by the type");
	is_str(asked(&schema, GET_ITEM, ALL(full), values), "R#C, warm#7", "one result");
	is_str(asked(&schema, GET_ITEM, ALL(full), hash), NULL,
		   "a run with the separator has no results");
	is_str(asked(&schema, SCAN, ALL(none), values),
		   " / NOT begins_with(pk, 'TESTRUN#') AND NOT begins_with(pk, 'DOCUMENT#') AND success = 'R'",
		   "a Scan leaves the other entities out, and filters by attributes");
}

static void
test_lists(void)
{
	BrSchema	aggregates = schema_of("aggregates");
	BrSchema	results = schema_of("results");
	BrSchema	items = schema_of("items");
	BrPredicate keys[] = {EQ("testRunId", 0), IN("configId", 1, 2), IN("invocationType", 2, 2)};
	BrPredicate runs[] = {IN("testRunId", 0, 2)};
	BrPredicate numbers[] = {
		EQ("testRunId", 0), EQ("configId", 1), EQ("invocationType", 2),
		{.attribute = "invocationNumber", .type = BR_TYPE_S, .op = BR_PRED_IN, .value = 3, .count = 3}
	};
	BrPredicate types[] = {EQ("testRunId", 0), EQ("configId", 1), IN("invocationType", 2, 2)};
	BrPredicate dimensions[] = {
		EQ("testRunId", 0), IN("runtime", 1, 2), EQ("architecture", 2),
		EQ("workloadType", 3), IN("memorySizeMB", 4, 2), EQ("invocationType", 5)
	};
	BrPredicate attributes[] = {IN("configId", 0, 2)};
	const char *two[] = {"R", "A,B,A", "warm,cold,hot"};
	const char *three[] = {"R", "C", "warm", "2,1,2,007"};
	const char *none[] = {"R", "C", "warm", ""};
	const char *some_types[] = {"R", "C", "warm,cold"};
	const char *some_dimensions[] = {"R", "rust,nodejs22", "arm64", "light", "128,256", "warm"};
	char	   *many = palloc0(4096);

	is_str(accesses_of(&aggregates, ALL(keys), NULL, BR_FRESH_EVENTUALLY),
		   "BatchGetItem, Query ConfigIndex, Query TestRunIndex", "lists make several keys");
	is_str(asked(&aggregates, GET_ITEM, ALL(keys), two),
		   "TESTRUN#R, AGGREGATE#A#cold | TESTRUN#R, AGGREGATE#B#cold | "
		   "TESTRUN#R, AGGREGATE#A#warm | TESTRUN#R, AGGREGATE#B#warm",
		   "each combination once, without impossible ones");
	is_str(asked(&results, GET_ITEM, ALL(numbers), three), "R#C, warm#1 | R#C, warm#2",
		   "numbers that no key has are left out");
	is_str(asked(&results, GET_ITEM, ALL(numbers), none), NULL, "an empty list matches nothing");
	is_str(asked(&results, SCAN, ALL(numbers), none), NULL, "whatever the way to read");
	is_str(asked(&aggregates, QUERY, ALL(runs), (const char *[]) {"R,S"}),
		   "pk = 'TESTRUN#R' AND begins_with(sk, 'AGGREGATE#'); "
		   "pk = 'TESTRUN#S' AND begins_with(sk, 'AGGREGATE#')", "a Query for each partition");
	is_str(asked(&results, QUERY_INDEX(1), ALL(runs), (const char *[]) {"R,S,R"}),
		   "testRunId = 'R' / begins_with(pk, 'R#'); testRunId = 'S' / begins_with(pk, 'S#')",
		   "also of an index, each once");
	is_str(asked(&results, QUERY, ALL(types), some_types), "pk = 'R#C'",
		   "a list does not narrow a sort key");
	is_str(asked(&aggregates, GET_ITEM, ALL(dimensions), some_dimensions),
		   "TESTRUN#R, AGGREGATE#nodejs22-arm64-light-128#warm | "
		   "TESTRUN#R, AGGREGATE#rust-arm64-light-128#warm | "
		   "TESTRUN#R, AGGREGATE#nodejs22-arm64-light-256#warm | "
		   "TESTRUN#R, AGGREGATE#rust-arm64-light-256#warm", "dimensions are combined too");
	is_str(asked(&items, QUERY_INDEX(0), ALL(attributes), (const char *[]) {"B,A,B"}),
		   "configId = 'A'; configId = 'B'", "an attribute's partitions");

	for (int i = 0; i < 2002; i++)
		snprintf(many + strlen(many), 3, "%c,", 'a' + i % 26);
	ok(strncmp(asked(&items, QUERY_INDEX(0), ALL(attributes), (const char *[]) {many}),
			   "configId = 'a'; ", 16) == 0, "repeats do not count against the limit");
}

#define BOUND(attr, t, o, number) {.attribute = attr, .type = t, .op = o, .value = number}

static void
test_intervals(void)
{
	BrSchema	results = schema_of("results");
	BrSchema	items = schema_of("items");
	BrPredicate both[] = {
		EQ("configId", 0), BOUND("timestamp", BR_TYPE_N, BR_PRED_GE, 1),
		BOUND("timestamp", BR_TYPE_N, BR_PRED_LE, 2)
	};
	BrPredicate several[] = {
		EQ("configId", 0), BOUND("timestamp", BR_TYPE_N, BR_PRED_GE, 1),
		BOUND("timestamp", BR_TYPE_N, BR_PRED_GE, 2), BOUND("timestamp", BR_TYPE_S, BR_PRED_GE, 3)
	};
	BrPredicate keys[] = {
		EQ("pk", 0), BOUND("sk", BR_TYPE_S, BR_PRED_GE, 1), BOUND("sk", BR_TYPE_S, BR_PRED_LE, 2)
	};
	BrPredicate prefix[] = {EQ("pk", 0), BEGINS("sk", 1), BOUND("sk", BR_TYPE_S, BR_PRED_LE, 2)};

#define ASKED(schema, access, preds, ...) \
	asked(&(schema), access, ALL(preds), (const char *[]) {__VA_ARGS__})

	is_str(ASKED(results, QUERY_INDEX(0), both, "C", "5", "10"),
		   "configId = 'C' AND timestamp BETWEEN 5 AND 10 / "
		   "NOT begins_with(pk, 'TESTRUN#') AND NOT begins_with(pk, 'DOCUMENT#')",
		   "two bounds are one interval");
	is_str(ASKED(results, QUERY_INDEX(0), both, "C", "10", "5"), NULL,
		   "an empty interval asks nothing, and numbers are compared as numbers");
	is_str(ASKED(results, QUERY_INDEX(0), both, "C", "-10", "-9.5") != NULL ? "asked" : NULL, "asked",
		   "also below zero");
	is_str(ASKED(results, QUERY_INDEX(0), several, "C", "5", "10", "z"),
		   "configId = 'C' AND timestamp >= 10 / "
		   "NOT begins_with(pk, 'TESTRUN#') AND NOT begins_with(pk, 'DOCUMENT#')",
		   "the tightest bound of the key's own type counts");
	is_str(ASKED(items, QUERY, keys, "p", "a", "b"), "pk = 'p' AND sk BETWEEN 'a' AND 'b'",
		   "an interval of the table's sort key");
	is_str(ASKED(items, QUERY, keys, "p", "", "b"), "pk = 'p' AND sk <= 'b'",
		   "every key is beyond the empty text");
	is_str(ASKED(items, QUERY, keys, "p", "a", ""), NULL, "and none before it");
	is_str(ASKED(items, QUERY, prefix, "p", "a", "b"), "pk = 'p' AND begins_with(sk, 'a')",
		   "one condition on a sort key is all there can be");
#undef ASKED
}

static void
test_filters(void)
{
	BrSchema	results = schema_of("results");
	BrSchema	items = schema_of("items");
	BrPredicate run[] = {
		EQ("testRunId", 0), BOUND("durationMs", BR_TYPE_N, BR_PRED_GE, 1), EQ("functionName", 2),
		BOUND("timestamp", BR_TYPE_N, BR_PRED_LE, 1)
	};
	BrPredicate partition[] = {
		EQ("testRunId", 0), EQ("configId", 1), EQ("functionName", 2), IN("functionVersion", 3, 2)
	};
	BrPredicate keys[] = {EQ("pk", 0), BOUND("sk", BR_TYPE_S, BR_PRED_GE, 1), EQ("configId", 2)};
	StringInfoData many;
	const char *got;
	const char *values[] = {"R", "5", "f", "a,b"};

	is_str(asked(&results, QUERY_INDEX(1), ALL(run), values),
		   "testRunId = 'R' AND timestamp <= 5 / begins_with(pk, 'R#') AND durationMs >= 5",
		   "of an index only what it projects, and not its keys");
	is_str(asked(&results, QUERY, ALL(partition), values),
		   "pk = 'R#5' / functionName = 'f' AND functionVersion IN ('a', 'b')",
		   "of the table anything but its keys");
	is_str(asked(&items, SCAN, ALL(keys), values),
		   " / begins_with(pk, 'R') AND configId = 'f'", "what is a variable is said by the key");

	initStringInfo(&many);
	for (int i = 0; i < 101; i++)
		appendStringInfo(&many, "%sv%03d", i > 0 ? "," : "", i);
	got = asked(&results, QUERY, ALL(partition), (const char *[]) {"R", "5", "f", many.data});
	ok(strstr(got, "'v099') OR functionVersion IN ('v100'))") != NULL,
	   "more operands than one IN takes become two");
	for (int i = 101; i < 1000; i++)
		appendStringInfo(&many, ",v%03d", i);
	is_str(asked(&results, QUERY, ALL(partition), (const char *[]) {"R", "5", "f", many.data}),
		   "pk = 'R#5' / functionName = 'f'", "more than an expression takes stay here");
}

#define LEAF(attr, kind, operator, number) \
	{.attribute = attr, .type = kind, .op = operator, .value = number, .exact = true}
#define JUNCTION(operator, n) \
	{.attribute = "", .op = operator, .value = -1, .below = n, .exact = true}

/* What a Query of one partition filters by. */
static const char *
filtered(const BrPredicate *predicates, int n, const char *const *values)
{
	static BrPredicate all[10] = {EQ("pk", 0)};
	BrSchema	items = schema_of("items");

	memcpy(all + 1, predicates, sizeof(BrPredicate) * n);
	return asked(&items, QUERY, (BrPredicates) {n + 1, all}, values);
}

#define FILTERED(list, values) filtered(list, lengthof(list), values)

static void
test_negations(void)
{
	BrPredicate differs[] = {LEAF("a", BR_TYPE_S, BR_PRED_NE, 1)};
	BrPredicate not_in[] = {LEAF("a", BR_TYPE_S, BR_PRED_NOT_IN, 1)};
	BrPredicate is_not[] = {LEAF("a", BR_TYPE_BOOL, BR_PRED_IS_NOT, 1)};
	BrPredicate of_type[] = {LEAF("a", BR_TYPE_N, BR_PRED_OF_TYPE, -1)};
	BrPredicate no_type[] = {LEAF("a", BR_TYPE_N, BR_PRED_NOT_OF_TYPE, -1)};
	BrPredicate present[] = {LEAF("a", BR_TYPE_NULL, BR_PRED_PRESENT, -1)};
	BrPredicate absent[] = {LEAF("a", BR_TYPE_NULL, BR_PRED_ABSENT, -1)};
	BrPredicate huge[] = {LEAF("a", BR_TYPE_N, BR_PRED_NE, 1)};
	BrPredicate equal[] = {LEAF("a", BR_TYPE_N, BR_PRED_EQ, 1)};
	const char *values[] = {"P", "x"};
	const char *flags[] = {"P", "true"};
	const char *numbers[] = {"P", "1e200"};

	is_str(FILTERED(differs, values), "pk = 'P' / attribute_type(a, 'S') AND a <> 'x'",
		   "<> is true of what is missing, so the type is asked for");
	is_str(FILTERED(not_in, values), "pk = 'P' / attribute_type(a, 'S') AND NOT a IN ('x')",
		   "and so it is for NOT IN");
	is_str(FILTERED(is_not, flags), "pk = 'P' / a <> true", "but IS NOT TRUE is true of NULL");
	is_str(FILTERED(of_type, values), "pk = 'P' / attribute_type(a, 'N')", "IS NOT NULL");
	is_str(FILTERED(no_type, values), "pk = 'P' / NOT attribute_type(a, 'N')",
		   "IS NULL, where another type is NULL");
	is_str(FILTERED(present, values),
		   "pk = 'P' / attribute_exists(a) AND NOT attribute_type(a, 'NULL')",
		   "IS NOT NULL of any type");
	is_str(FILTERED(absent, values),
		   "pk = 'P' / attribute_not_exists(a) OR attribute_type(a, 'NULL')", "and IS NULL");
	is_str(FILTERED(huge, numbers), "pk = 'P' / attribute_type(a, 'N')",
		   "every number is another one than what no item can hold");
	is_str(FILTERED(equal, numbers), NULL, "and none is equal to it");
}

static void
test_junctions(void)
{
	BrStep		steps[] = {{"m", 0}, {"p", 0}};
	BrPath		path = {lengthof(steps), steps};
	BrPredicate either[] = {
		JUNCTION(BR_PRED_OR, 4), LEAF("a", BR_TYPE_S, BR_PRED_EQ, 1),
		JUNCTION(BR_PRED_AND, 2), LEAF("b", BR_TYPE_N, BR_PRED_GT, 2), LEAF("c", BR_TYPE_N, BR_PRED_LT, 2),
		LEAF("d", BR_TYPE_S, BR_PRED_EQ, 1)
	};
	BrPredicate impossible[] = {
		JUNCTION(BR_PRED_OR, 2), LEAF("a", BR_TYPE_S, BR_PRED_EQ, 1), LEAF("b", BR_TYPE_N, BR_PRED_EQ, 2)
	};
	BrPredicate key_inside[] = {
		JUNCTION(BR_PRED_OR, 2), LEAF("a", BR_TYPE_S, BR_PRED_EQ, 1), LEAF("sk", BR_TYPE_S, BR_PRED_EQ, 1)
	};
	BrPredicate deep[] = {LEAF("", BR_TYPE_N, BR_PRED_GE, 2)};
	const char *values[] = {"P", "x", "2"};
	const char *huge[] = {"P", "x", "1e200"};

	deep[0].path = &path;
	is_str(FILTERED(either, values), "pk = 'P' / (a = 'x' OR b > 2 AND c < 2) AND d = 'x'",
		   "conditions joined as they are");
	is_str(FILTERED(either, huge), "pk = 'P' / d = 'x'",
		   "one that cannot be said makes the others useless");
	is_str(FILTERED(impossible, huge), "pk = 'P' / a = 'x'", "one that cannot be true is left out");
	is_str(FILTERED(key_inside, values), "pk = 'P'", "a key of the Query is no matter of its filter");
	is_str(FILTERED(deep, values), "pk = 'P' / m.p >= 2", "a member of a map");
}

/* Lists on one attribute, all of which must hold. */
static void
test_intersections(void)
{
	BrSchema	items = schema_of("items");
	BrPredicate both[] = {EQ("pk", 0), IN("sk", 1, 3), IN("sk", 2, 3)};
	BrPredicate one[] = {EQ("pk", 0), IN("sk", 1, 3), EQ("sk", 2)};
	BrPredicate none[] = {EQ("pk", 0), EQ("sk", 1), EQ("sk", 2)};
	const char *values[] = {"P", "a,b,c", "c,d,b"};
	const char *single[] = {"P", "a,b,c", "b"};
	const char *two[] = {"P", "a", "b"};

	is_str(asked(&items, GET_ITEM, ALL(both), values), "P, b | P, c", "what is in both lists");
	is_str(asked(&items, GET_ITEM, ALL(one), single), "P, b", "a list and a value");
	is_str(asked(&items, GET_ITEM, ALL(none), two), NULL, "two values are no value");
	is_str(accesses_of(&items, ALL(one), NULL, BR_FRESH_EVENTUALLY), "GetItem",
		   "of a list and a value the value counts");
}

static void
test_exactness(void)
{
	BrSchema	items = schema_of("items");
	BrSchema	results = schema_of("results");
	BrPredicate partition[] = {EQ("pk", 0), BEGINS("sk", 1)};
	BrPredicate by_kind[] = {EQ("pk", 0), EQ("itemType", 1)};
	BrPredicate run[] = {EQ("testRunId", 0)};
	BrPredicate type[] = {EQ("testRunId", 0), EQ("configId", 1), EQ("invocationType", 2)};
	BrPredicate number[] = {EQ("testRunId", 0), LEAF("durationMs", BR_TYPE_N, BR_PRED_GT, 1)};
	BrPredicate name[] = {EQ("testRunId", 0), EQ("functionName", 1)};
	BrPredicate rounded[] = {EQ("testRunId", 0), BOUND("durationMs", BR_TYPE_N, BR_PRED_GE, 1)};

	ok(br_access_is_exact(&items, &QUERY, ALL(partition), false), "keys that stand for themselves");
	ok(br_access_is_exact(&items, &QUERY, ALL(by_kind), false), "and a filter");
	ok(br_access_is_exact(&items, &SCAN, (BrPredicates) {0}, false), "all items are all items");
	ok(!br_access_is_exact(&results, &QUERY_INDEX(1), ALL(run), false),
	   "keys of a form must be checked");
	ok(br_access_is_exact(&results, &QUERY_INDEX(1), ALL(run), true),
	   "unless they are said to have it");
	ok(br_access_is_exact(&results, &QUERY_INDEX(1), ALL(number), true),
	   "a filter on what the index has");
	ok(!br_access_is_exact(&results, &QUERY_INDEX(1), ALL(name), true), "not on what it lacks");
	ok(!br_access_is_exact(&results, &QUERY, ALL(type), true),
	   "how a sort key begins says too little");
	ok(!br_access_is_exact(&results, &QUERY_INDEX(1), ALL(rounded), true),
	   "a bound that lets in too much");
}

static void
test_too_many(void)
{
	BrSchema	results = schema_of("results");
	BrPredicate keys[] = {
		EQ("testRunId", 0), EQ("configId", 1), IN("invocationType", 2, 2), IN("invocationNumber", 3, 600)
	};
	StringInfoData numbers;
	const char *values[] = {"R", "C", "warm,cold", NULL};
	const char *got;

	initStringInfo(&numbers);
	for (int i = 1; i <= 501; i++)
		appendStringInfo(&numbers, "%s%d", i > 1 ? "," : "", i);
	values[3] = numbers.data;
	got = asked(&results, GET_ITEM, ALL(keys), values);
	ok(got != NULL && strncmp(got, "error: the conditions name 1002 keys", 36) == 0,
	   "more keys than allowed are an error");
}

static void
test_batches(void)
{
	BrSchema	results = schema_of("results");
	BrPredicate keys[] = {
		EQ("testRunId", 0), EQ("configId", 1), EQ("invocationType", 2), IN("invocationNumber", 3, 250)
	};
	StringInfoData numbers;
	BrText		list[250];
	BrTexts		texts[4] = {
		{1, (BrText[]) {{"R", 1}}}, {1, (BrText[]) {{"C", 1}}}, {1, (BrText[]) {{"warm", 4}}}, {250, list}
	};
	BrAccess	access = GET_ITEM;
	BrReads		reads;
	BrError		err;

	initStringInfo(&numbers);
	for (int i = 0; i < 250; i++)
	{
		char	   *number = psprintf("%d", i);

		list[i] = (BrText) {number, strlen(number)};
	}
	ok(br_bind(&results, &access, ALL(keys), texts, 1000, &reads, &err), "250 keys");
	is_int(reads.n, 3, "make three requests");
	is_int(reads.list[0].nkeys, 100, "of a hundred");
	is_int(reads.list[2].nkeys, 50, "and the rest");
	is_int(reads.list[0].op, BR_OP_BATCH_GET_ITEM, "as BatchGetItem");
}

static void
test_key_limits(void)
{
	BrSchema	schema = schema_of("items");
	BrPredicate both[] = {EQ("pk", 0), EQ("sk", 1)};
	BrPredicate prefix[] = {EQ("pk", 0), BEGINS("sk", 1)};
	char	   *long_sk = palloc(1026);
	const char *values[] = {"p", "s"};
	const char *empty[] = {"p", ""};
	const char *too_long[] = {"p", long_sk};

	memset(long_sk, 'x', 1025);
	long_sk[1025] = '\0';
	is_str(asked(&schema, GET_ITEM, ALL(both), values), "p, s", "keys as they are");
	is_str(asked(&schema, GET_ITEM, ALL(both), empty), NULL, "no item has an empty key");
	is_str(asked(&schema, GET_ITEM, ALL(both), too_long), NULL, "or one of 1025 bytes");
	is_str(asked(&schema, QUERY, ALL(prefix), empty), "pk = 'p'", "every key begins with nothing");
	is_str(asked(&schema, QUERY, ALL(prefix), values), "pk = 'p' AND begins_with(sk, 's')",
		   "a prefix of the key itself");
}

static void
test_number_keys(void)
{
	BrSchema	schema = {
		.table = "T", .pk_name = "id", .pk_type = BR_TYPE_N, .items = 100
	};
	BrPredicate id[] = {{.attribute = "id", .type = BR_TYPE_N, .op = BR_PRED_EQ, .value = 0}};
	static const char *const sendable[] = {
		"0", "-1", "1.50", "12345678901234567890123456789012345678",
		"1234567890123456789012345678901234567800"
	};
	static const char *const refused[] = {
		"123456789012345678901234567890123456789", "NaN", "Infinity", "-Infinity", "1e200"
	};
	BrError		err;

	br_schema_set_templates(&schema, NULL, NULL, &err);
	br_schema_set_config(&schema, NULL, &err);
	is_str(accesses_of(&schema, ALL(id), NULL, BR_FRESH_EVENTUALLY), "GetItem",
		   "a table with a partition key only");
	for (size_t i = 0; i < lengthof(sendable); i++)
		ok(asked(&schema, GET_ITEM, ALL(id), &sendable[i]) != NULL, "%s can be a key", sendable[i]);
	for (size_t i = 0; i < lengthof(refused); i++)
		is_str(asked(&schema, GET_ITEM, ALL(id), &refused[i]), NULL, "%s cannot", refused[i]);
}

static void
test_completeness(void)
{
	BrIndex		sparse[] = {indexes[0], indexes[0], indexes[0]};
	BrSchema	schema = schema_of("items");
	BrPredicate config[] = {EQ("configId", 0)};
	BrPredicate number[] = {{.attribute = "configId", .type = BR_TYPE_N, .op = BR_PRED_EQ, .value = 0}};

	sparse[0].complete = false;
	sparse[1].complete = false;
	sparse[1].info.name = "NoSortKey";
	sparse[1].info.sk = NULL;
	sparse[2].complete = false;
	sparse[2].info.name = "SortKeyOfTable";
	sparse[2].info.sk = "pk";
	schema.indexes = sparse;
	schema.nindexes = lengthof(sparse);
	is_str(accesses_of(&schema, ALL(config), NULL, BR_FRESH_EVENTUALLY),
		   "Query NoSortKey, Query SortKeyOfTable",
		   "an index whose sort key may be missing is not used unless declared complete");
	is_str(accesses_of(&schema, ALL(number), NULL, BR_FRESH_EVENTUALLY), "Scan",
		   "nor with a value of another type than its key");
}

static void
test_membership(void)
{
	BrSchema	results = schema_of("results");
	BrSchema	runs = schema_of("test_runs");
	BrText		values[2 * BR_MAX_VARIABLES];

#define IS(schema, pk, sk) \
	br_schema_decode(&(schema), (BrText) {pk, strlen(pk)}, (BrText) {sk, strlen(sk)}, values)

	ok(IS(results, "R#C", "cold#1"), "a result");
	ok(!IS(results, "TESTRUN#C", "cold#1"), "the prefix of another entity");
	ok(!IS(results, "DOCUMENT#R", "cold#1"), "of a document");
	ok(!IS(results, "R#C", "AGGREGATE#C#cold"), "another sort key");
	ok(IS(runs, "TESTRUN#R", "TESTRUN#R"), "a run");
	ok(!IS(runs, "TESTRUN#R", "TESTRUN#S"), "two runs in one key");
	ok(!IS(runs, "TESTRUN#R", "AGGREGATE#C#cold"), "an aggregate is no run");
#undef IS
}

int
main(void)
{
	test_aggregates();
	test_dimensions();
	test_results();
	test_lists();
	test_intervals();
	test_filters();
	test_negations();
	test_junctions();
	test_intersections();
	test_exactness();
	test_too_many();
	test_batches();
	test_key_limits();
	test_number_keys();
	test_completeness();
	test_membership();
	return done_testing();
}
