/*
 * test_describe.c
 *		What is read out of DescribeTable's answers, as services give them.
 */
#include "base/br.h"

#include <jansson.h>

#include "dynamodb/describe.h"
#include "fe_alloc.h"
#include "tap.h"

#define DEFINITION(name, type) \
	"{\"AttributeName\":\"" name "\",\"AttributeType\":\"" type "\"}"
#define KEY(name, role) \
	"{\"AttributeName\":\"" name "\",\"KeyType\":\"" role "\"}"
#define DEFINITIONS \
	"\"AttributeDefinitions\":[" \
	DEFINITION("pk", "S") "," DEFINITION("sk", "S") "," DEFINITION("configId", "S") "," \
	DEFINITION("timestamp", "N") "," DEFINITION("blob", "B") "]"
#define PK_SK	"\"KeySchema\":[" KEY("pk", "HASH") "," KEY("sk", "RANGE") "]"
#define TABLE	"\"TableName\":\"t\",\"TableStatus\":\"ACTIVE\"," DEFINITIONS "," PK_SK

/* AWS: everything there is. */
static const char aws[] =
	"{\"Table\":{" DEFINITIONS ",\"BillingModeSummary\":{\"BillingMode\":\"PAY_PER_REQUEST\","
	"\"LastUpdateToPayPerRequestDateTime\":1.763300001284E9},"
	"\"CreationDateTime\":1.763300001284E9,\"DeletionProtectionEnabled\":true,"
	"\"GlobalSecondaryIndexes\":["
	"{\"IndexArn\":\"arn:aws:dynamodb:us-east-1:123456789012:table/t/index/ConfigIndex\","
	"\"IndexName\":\"ConfigIndex\",\"IndexSizeBytes\":25779200,\"IndexStatus\":\"ACTIVE\","
	"\"ItemCount\":94668,\"KeySchema\":[" KEY("configId", "HASH") "," KEY("timestamp", "RANGE") "],"
	"\"Projection\":{\"NonKeyAttributes\":[\"success\",\"durationMs\"],"
	"\"ProjectionType\":\"INCLUDE\"},"
	"\"ProvisionedThroughput\":{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":0,"
	"\"WriteCapacityUnits\":0},\"WarmThroughput\":{\"Status\":\"ACTIVE\"}},"
	"{\"Backfilling\":true,\"IndexName\":\"NewIndex\",\"IndexStatus\":\"CREATING\","
	"\"KeySchema\":[" KEY("configId", "HASH") "],\"Projection\":{\"ProjectionType\":\"ALL\"}},"
	"{\"Backfilling\":true,\"IndexName\":\"FillingIndex\",\"IndexStatus\":\"ACTIVE\","
	"\"KeySchema\":[" KEY("configId", "HASH") "],\"Projection\":{\"ProjectionType\":\"ALL\"}},"
	"{\"IndexName\":\"GoingIndex\",\"IndexStatus\":\"DELETING\","
	"\"KeySchema\":[" KEY("configId", "HASH") "],\"Projection\":{\"ProjectionType\":\"ALL\"}},"
	"{\"IndexName\":\"TwoPartitionAttributes\",\"IndexStatus\":\"ACTIVE\","
	"\"KeySchema\":[" KEY("configId", "HASH") "," KEY("pk", "HASH") "],"
	"\"Projection\":{\"ProjectionType\":\"ALL\"}},"
	"{\"IndexName\":\"TwoSortAttributes\",\"IndexStatus\":\"ACTIVE\","
	"\"KeySchema\":[" KEY("configId", "HASH") "," KEY("timestamp", "RANGE") "," KEY("sk", "RANGE") "],"
	"\"Projection\":{\"ProjectionType\":\"ALL\"}},"
	"{\"Backfilling\":false,\"IndexName\":\"KeysIndex\",\"IndexStatus\":\"ACTIVE\","
	"\"KeySchema\":[" KEY("blob", "HASH") "],\"Projection\":{\"ProjectionType\":\"KEYS_ONLY\"}}],"
	"\"ItemCount\":94669," PK_SK ","
	"\"LocalSecondaryIndexes\":["
	"{\"IndexArn\":\"arn:aws:dynamodb:us-east-1:123456789012:table/t/index/ByTime\","
	"\"IndexName\":\"ByTime\",\"IndexSizeBytes\":0,\"ItemCount\":0,"
	"\"KeySchema\":[" KEY("timestamp", "RANGE") "," KEY("pk", "HASH") "],"
	"\"Projection\":{\"ProjectionType\":\"ALL\"}}],"
	"\"ProvisionedThroughput\":{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":0,"
	"\"WriteCapacityUnits\":0},\"TableArn\":\"arn:aws:dynamodb:us-east-1:123456789012:table/t\","
	"\"TableId\":\"3d5f2f6e-8d7b-4a7e-9a59-6a2cf8a2d0b1\",\"TableName\":\"t\","
	"\"TableSizeBytes\":43547740,\"TableStatus\":\"UPDATING\"}}";

/* dynalite: counts are always 0. */
static const char dynalite[] =
	"{\"Table\":{\"AttributeDefinitions\":[" DEFINITION("id", "N") "],"
	"\"TableName\":\"numbers\",\"KeySchema\":[" KEY("id", "HASH") "],"
	"\"ProvisionedThroughput\":{\"ReadCapacityUnits\":1,\"WriteCapacityUnits\":1,"
	"\"NumberOfDecreasesToday\":0},"
	"\"TableArn\":\"arn:aws:dynamodb:us-east-1:000000000000:table/numbers\","
	"\"TableId\":\"x\",\"CreationDateTime\":1763300001.284,\"ItemCount\":0,\"TableSizeBytes\":0,"
	"\"TableStatus\":\"CREATING\"}}";

/* An Alternator: neither status nor projection of an index, no counts. */
static const char alternator[] =
	"{\"Table\":{\"TableName\":\"t\",\"TableStatus\":\"ACTIVE\","
	"\"TableArn\":\"arn:scylla:alternator:alternator_t:scylla:table/t\",\"TableId\":\"y\"," PK_SK ","
	"\"GlobalSecondaryIndexes\":[{\"IndexName\":\"ConfigIndex\","
	"\"KeySchema\":[" KEY("configId", "HASH") "," KEY("timestamp", "RANGE") "]}]," DEFINITIONS "}}";

static bool
parse(const char *body, BrTableInfo *info, BrError *err)
{
	return br_describe_parse(body, strlen(body), info, err);
}

static void
is_index(const BrIndexInfo *index, const char *name, bool global, const char *pk, BrType pk_type,
		 const char *sk, BrType sk_type, BrProjection projection)
{
	is_str(index->name, name, "index %s", name);
	ok(index->global == global, "%s is %s", name, global ? "global" : "local");
	is_str(index->pk, pk, "%s: partition attribute", name);
	is_int(index->pk_type, pk_type, "%s: its type", name);
	is_str(index->sk, sk, "%s: sort attribute", name);
	is_int(index->sk_type, sk_type, "%s: its type", name);
	is_int(index->projection, projection, "%s: projection", name);
}

static void
test_aws(void)
{
	static const char *const skipped[] = {
		"NewIndex", "FillingIndex", "GoingIndex", "TwoPartitionAttributes", "TwoSortAttributes",
	};
	BrTableInfo info;
	BrError		err;
	int			i;

	if (!ok(parse(aws, &info, &err), "an answer of AWS"))
	{
		diag("%s", err.message);
		return;
	}
	is_str(info.name, "t", "name");
	is_str(info.status, "UPDATING", "status");
	is_str(info.pk, "pk", "partition attribute");
	is_int(info.pk_type, BR_TYPE_S, "its type");
	is_str(info.sk, "sk", "sort attribute");
	is_int(info.sk_type, BR_TYPE_S, "its type");
	is_int(info.item_count, 94669, "items");
	is_int(info.size_bytes, 43547740, "bytes");

	if (!is_int(info.nindexes, 3, "usable indexes") ||
		!is_int(info.nskipped, lengthof(skipped), "skipped indexes"))
		return;
	is_index(&info.indexes[0], "ConfigIndex", true, "configId", BR_TYPE_S,
			 "timestamp", BR_TYPE_N, BR_PROJECTION_INCLUDE);
	is_int(info.indexes[0].nincluded, 2, "its included attributes");
	is_str(info.indexes[0].included[0], "success", "the first");
	is_str(info.indexes[0].included[1], "durationMs", "the second");
	is_index(&info.indexes[1], "KeysIndex", true, "blob", BR_TYPE_B,
			 NULL, BR_TYPE_ABSENT, BR_PROJECTION_KEYS_ONLY);
	is_index(&info.indexes[2], "ByTime", false, "pk", BR_TYPE_S,
			 "timestamp", BR_TYPE_N, BR_PROJECTION_ALL);
	for (i = 0; i < info.nskipped; i++)
		is_str(info.skipped[i], skipped[i], "skipped: %s", skipped[i]);
}

static void
test_others(void)
{
	BrTableInfo info;
	BrError		err;

	ok(parse(dynalite, &info, &err), "an answer of dynalite");
	is_str(info.name, "numbers", "name");
	is_str(info.status, "CREATING", "status");
	is_str(info.pk, "id", "partition attribute");
	is_int(info.pk_type, BR_TYPE_N, "its type");
	is_str(info.sk, NULL, "no sort attribute");
	is_int(info.item_count, 0, "items: unknown");
	is_int(info.nindexes + info.nskipped, 0, "no indexes");

	ok(parse(alternator, &info, &err), "an answer of Alternator");
	is_int(info.item_count, 0, "items: unknown");
	is_int(info.size_bytes, 0, "bytes: unknown");
	is_int(info.nindexes, 1, "an index without a status is usable");
	is_index(&info.indexes[0], "ConfigIndex", true, "configId", BR_TYPE_S,
			 "timestamp", BR_TYPE_N, BR_PROJECTION_UNKNOWN);
}

/* An index of a table, told by these members. */
static void
check_odd_index(const char *members, bool usable, BrProjection projection, const char *name)
{
	BrTableInfo info;
	BrError		err;
	char	   *body = psprintf("{\"Table\":{" TABLE ",\"GlobalSecondaryIndexes\":"
								"[{\"IndexName\":\"i\",%s}]}}", members);

	ok(parse(body, &info, &err), "%s", name);
	is_int(info.nindexes, usable ? 1 : 0, "%s: usable or not", name);
	is_int(info.nskipped, usable ? 0 : 1, "%s: skipped or not", name);
	if (usable)
		is_int(info.indexes[0].projection, projection, "%s: projection", name);
}

static void
test_odd_indexes(void)
{
#define ON_CONFIG "\"KeySchema\":[" KEY("configId", "HASH") "]"
	check_odd_index(ON_CONFIG ",\"Projection\":{}", true, BR_PROJECTION_UNKNOWN,
					"a projection without a type");
	check_odd_index(ON_CONFIG ",\"Projection\":{\"ProjectionType\":\"MOST\"}", true,
					BR_PROJECTION_UNKNOWN, "a projection of a new type");
	check_odd_index(ON_CONFIG ",\"Projection\":{\"ProjectionType\":\"INCLUDE\"}", true,
					BR_PROJECTION_INCLUDE, "INCLUDE of nothing");
	check_odd_index(ON_CONFIG ",\"IndexStatus\":\"UPDATING\"", false, 0, "a status not ACTIVE");
	check_odd_index(ON_CONFIG ",\"IndexStatus\":null", false, 0, "a status that is none");
	check_odd_index("\"KeySchema\":[]", false, 0, "no key");
	check_odd_index("\"IndexStatus\":\"ACTIVE\"", false, 0, "no key schema");
	check_odd_index("\"KeySchema\":[" KEY("sk", "RANGE") "]", false, 0, "no partition attribute");
	check_odd_index("\"KeySchema\":[" KEY("configId", "TREE") "]", false, 0, "a new kind of key");
	check_odd_index("\"KeySchema\":[" KEY("unheard", "HASH") "]", false, 0, "a key without a type");
	check_odd_index("\"KeySchema\":[{\"KeyType\":\"HASH\"}]", false, 0, "a key without a name");
}

static void
check_refused(const char *body, size_t len, BrErrorKind kind, const char *name)
{
	BrTableInfo info;
	BrError		err;

	ok(!br_describe_parse(body, len, &info, &err), "refused: %s", name);
	is_int(err.kind, kind, "%s: %s", name, err.message);
	is_int(err.retry, BR_RETRY_NEVER, "%s: not retryable by itself", name);
}

static void
test_refused(void)
{
	static const char *const bodies[] = {
		"", " ", "{}", "[]", "null", "{\"Table\":null}", "{\"Table\":[]}", "{\"Table\":{}}",
		"<html>", "{\"Table\":{" TABLE "}", "{\"Table\":{" TABLE "}}x",
		"{\"Table\":{" TABLE ",\"TableName\":\"u\"}}",
		"{\"TableDescription\":{" TABLE "}}",
		"{\"Table\":{\"TableName\":\"t\",\"TableStatus\":\"ACTIVE\"," PK_SK "}}",
		"{\"Table\":{\"TableName\":\"t\",\"TableStatus\":\"ACTIVE\"," DEFINITIONS "}}",
		"{\"Table\":{\"TableName\":\"t\"," DEFINITIONS "," PK_SK "}}",
		"{\"Table\":{\"TableName\":7,\"TableStatus\":\"ACTIVE\"," DEFINITIONS "," PK_SK "}}",
		"{\"Table\":{\"TableName\":\"t\",\"TableStatus\":\"ACTIVE\",\"AttributeDefinitions\":["
		DEFINITION("pk", "SS") "],\"KeySchema\":[" KEY("pk", "HASH") "]}}",
		"{\"Table\":{" TABLE ",\"GlobalSecondaryIndexes\":[{}]}}",
		"{\"Table\":{" TABLE ",\"LocalSecondaryIndexes\":[7]}}",
		"{\"Table\":{\"TableName\":\"t\xff\",\"TableStatus\":\"ACTIVE\"}}",
		"{\"Table\":{\"TableName\":\"t\\u0000\",\"TableStatus\":\"ACTIVE\"}}",
	};
	size_t		len = 2 * 1024 * 1024;
	char	   *large = palloc(len);
	int			i;

	for (i = 0; i < (int) lengthof(bodies); i++)
		check_refused(bodies[i], strlen(bodies[i]), BR_ERR_PROTOCOL, bodies[i]);
	check_refused(NULL, 0, BR_ERR_PROTOCOL, "no body");
	memset(large, '[', len);
	check_refused(large, 500000, BR_ERR_PROTOCOL, "half a million brackets");
	check_refused(large, len, BR_ERR_LIMIT, "two megabytes");
}

/* Counts that are none, and lists that are none. */
static void
test_odd_table(void)
{
	BrTableInfo info;
	BrError		err;

	ok(parse("{\"Table\":{" TABLE ",\"ItemCount\":-1,\"TableSizeBytes\":\"9\","
			 "\"GlobalSecondaryIndexes\":null,\"LocalSecondaryIndexes\":{}}}", &info, &err),
	   "odd members");
	is_int(info.item_count, 0, "a negative count is unknown");
	is_int(info.size_bytes, 0, "a size that is no number is unknown");
	is_int(info.nindexes + info.nskipped, 0, "lists that are none are empty");
}

/* Every beginning of an answer is refused, none is read beyond. */
static void
test_cut_off(void)
{
	int			accepted = 0;
	size_t		len;

	for (len = 0; len < sizeof(aws) - 1; len++)
	{
		BrTableInfo info;
		BrError		err;
		char	   *cut = palloc(Max(len, 1));

		memcpy(cut, aws, len);
		accepted += br_describe_parse(cut, len, &info, &err);
		fe_reset();
	}
	is_int(accepted, 0, "an answer cut off anywhere is refused");
}

static int	allocations_left;

static void *
failing_malloc(size_t size)
{
	return allocations_left-- > 0 ? malloc(size) : NULL;
}

/* Memory that runs out anywhere in the parser is an error, and is no leak. */
static void
test_out_of_memory(void)
{
	BrTableInfo info;
	BrError		err;
	int			failures = 0;
	int			memory = 0;
	int			others = 0;

	json_set_alloc_funcs(failing_malloc, free);
	for (;;)
	{
		bool		parsed;

		allocations_left = failures;
		parsed = parse(aws, &info, &err);
		fe_reset();
		if (parsed)
			break;
		failures++;
		memory += err.kind == BR_ERR_MEMORY;
		others += err.kind != BR_ERR_MEMORY && err.kind != BR_ERR_PROTOCOL;
	}
	json_set_alloc_funcs(malloc, free);

	/* for a string that does not fit, jansson blames the string */
	ok(failures > 100 && memory > failures / 2,
	   "%d allocations failed, one at a time: %d times out of memory", failures, memory);
	is_int(others, 0, "and never another kind of error");
}

int
main(void)
{
	test_aws();
	test_others();
	test_odd_indexes();
	test_refused();
	test_odd_table();
	test_cut_off();
	test_out_of_memory();
	return done_testing();
}
