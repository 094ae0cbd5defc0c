/*
 * discover.c
 *		Sampling a remote table for IMPORT FOREIGN SCHEMA and bench_refresh().
 *
 * In a full run one item in 160 is an aggregate and one in 94,669 a test run,
 * so a sample of the table shows only results.  One of them names its run,
 * whose own partition then shows the others.
 */
#include "base/br.h"

#include <math.h>

#include "access/template.h"
#include "dynamodb/page.h"
#include "fdw/connect.h"
#include "fdw/discover.h"
#include "fdw/encoding.h"
#include "fdw/report.h"
#include "io/client.h"
#include "io/reader.h"
#include "utils/builtins.h"

typedef struct Sampler
{
	BrDiscovery *result;
	const char *table;			/* its name */
	BrReading	reading;
	char	   *run;			/* id of the run to look at */
	size_t		iso_len;		/* length of the timestamps seen so far */
	bool		timestamp_seen;
	bool		config_seen;
} Sampler;

BrSeen *
br_seen(List *seen, const char *name)
{
	ListCell   *lc;

	foreach(lc, seen)
	{
		BrSeen	   *attribute = lfirst(lc);

		if (strcmp(attribute->name, name) == 0)
			return attribute;
	}
	return NULL;
}

static void
fail(const Sampler *sampler, const BrError *err, BrOperation op)
{
	BrDoing		doing = {
		.operation = br_operation_name(op),
		.table = sampler->table
	};

	if (strcmp(err->code, "AccessDeniedException") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("request to DynamoDB failed: %s", br_for_display(err->message)),
				 errdetail("%s of table \"%s\" is denied.", doing.operation, doing.table),
				 op == BR_OP_SCAN
				 ? errhint("Name a run to look at: OPTIONS (sample_run '...'), or the second argument of bench_refresh(). Or import with the table's shape as given: OPTIONS (shape 'live').")
				 : errhint("Name the table's shape, OPTIONS (shape 'live') or (shape 'document'), and no request is made.")));
	br_report(err, &doing);
}

static char *
text_of(const BrSpan *span)
{
	StringInfoData scratch;
	const char *text;
	size_t		len;
	BrError		err;

	initStringInfo(&scratch);
	if (span->type != BR_TYPE_S || !br_span_text(span, &scratch, &text, &len, &err))
		return NULL;
	return pnstrdup(text, len);
}

static BrTimeFormat
time_format_of(const BrSpan *span)
{
	char	   *text;

	if (span->type == BR_TYPE_N)
		return br_time_classify_epoch(span->ptr, span->len);
	text = text_of(span);
	return text != NULL ? br_time_classify_iso(text, strlen(text)) : BR_TIME_ANY;
}

/* The strictest format that all timestamps seen so far have. */
static void
note_timestamp(Sampler *sampler, const BrSpan *span)
{
	BrTimeFormat format = time_format_of(span);
	BrTimeFormat *all = &sampler->result->time_format;

	if (format == BR_TIME_ISO8601_UTC && sampler->timestamp_seen &&
		sampler->iso_len != span->len)
		format = BR_TIME_ISO8601_Z;
	if (!sampler->timestamp_seen)
		*all = format;
	else if (*all != format && format >= BR_TIME_ISO8601_UTC)
		*all = Max(*all, format);
	sampler->iso_len = span->len;
	sampler->timestamp_seen = sampler->result->time_seen = true;
}

static void
note_config(Sampler *sampler, const BrSpan *span)
{
	BrVariables vars = {0};
	BrTemplate	template;
	BrText		values[BR_MAX_VARIABLES] = {0};
	BrError		err;
	char	   *config = text_of(span);

	if (config == NULL ||
		!br_template_parse(BR_CONFIG_TEMPLATE, &vars, &template, &err))
		return;
	if (!br_template_decode(&template, &vars, (BrText) {config, strlen(config)}, values))
		sampler->result->config_template = false;
	else if (!sampler->config_seen)
		sampler->result->config_template = true;
	sampler->config_seen = true;
}

/* Which of the discovery's lists an item belongs to, by its keys. */
static List **
list_for(Sampler *sampler, const BrSpan *pk, const BrSpan *sk)
{
	BrDiscovery *result = sampler->result;
	char	   *pk_text = text_of(pk);
	char	   *sk_text = text_of(sk);

	if (!result->benchmark || pk_text == NULL || sk_text == NULL)
		return &result->attributes;
	if (strncmp(sk_text, "AGGREGATE#", 10) == 0)
		return &result->aggregate_attributes;
	if (strncmp(pk_text, "TESTRUN#", 8) == 0)
		return &result->run_attributes;
	if (strncmp(sk_text, "cold#", 5) == 0 || strncmp(sk_text, "warm#", 5) == 0)
		return &result->result_attributes;
	return &result->attributes;
}

static void
note_attribute(Sampler *sampler, List **list, const BrSpan *name, const BrSpan *value)
{
	BrSpan		name_as_value = *name;
	BrSeen	   *seen;
	char	   *text;

	name_as_value.type = BR_TYPE_S;
	text = text_of(&name_as_value);
	if (text == NULL)
		return;
	seen = br_seen(*list, text);
	if (seen == NULL && value->type != BR_TYPE_NULL)
	{
		seen = palloc0(sizeof(BrSeen));
		seen->name = text;
		seen->type = value->type;
		*list = lappend(*list, seen);
	}
	else if (value->type != BR_TYPE_NULL)
		seen->mixed |= seen->type != value->type;
	if (strcmp(text, "timestamp") == 0)
		note_timestamp(sampler, value);
	else if (strcmp(text, "configId") == 0)
		note_config(sampler, value);
	else if (strcmp(text, "testRunId") == 0 && sampler->run == NULL)
		sampler->run = text_of(value);
	else if (strcmp(text, "testMatrix") == 0)
		sampler->result->nested_matrix = true;
}

static void
note_item(Sampler *sampler, const BrSpan *spans)
{
	List	  **list = list_for(sampler, &spans[0], &spans[1]);
	BrWalk		walk;
	BrSpan		name;
	BrSpan		value;
	bool		found;
	BrError		err;

	br_walk_open(&walk, &spans[2]);
	while (br_walk_next(&walk, &name, &value, &found, &err) && found)
		note_attribute(sampler, list, &name, &value);
}

/* Reads one page and takes note of its items; their number. */
static int
sample(Sampler *sampler, const BrRead *read)
{
	BrReader   *reader = br_reader_open(&sampler->reading, read);
	BrWanted   *wanted = br_wanted_create();
	BrSpan		spans[3];
	BrPath		path;
	BrNext		next;
	BrError		err;
	int			n = 0;

	br_path_of_name(sampler->result->info.pk, &path);
	br_wanted_add(wanted, &path, 0);
	br_path_of_name(sampler->result->info.sk ? sampler->result->info.sk : "", &path);
	br_wanted_add(wanted, &path, 1);
	br_wanted_add_item(wanted, 2);

	while ((next = br_reader_next_page(reader, &err)) == BR_NEXT_WAIT)
		br_calls_wait();
	while (next == BR_NEXT_FOUND)
	{
		next = br_reader_item(reader, wanted, spans, &err);
		if (next == BR_NEXT_FOUND)
		{
			note_item(sampler, spans);
			n++;
		}
	}
	if (next == BR_NEXT_FAILED)
		fail(sampler, &err, read->op);
	br_reader_close(reader);
	return n;
}

static BrValue *
text_value(const char *text)
{
	BrValue    *value = palloc(sizeof(BrValue));

	*value = (BrValue) {BR_TYPE_S, text, strlen(text)};
	return value;
}

static BrCondition *
equals(const char *name, const char *text)
{
	BrPath		path;

	br_path_of_name(name, &path);
	return br_cond_compare(BR_COND_EQ, &path, text_value(text));
}

bool
br_describe_table(BrConnection *conn, const char *table, BrTableInfo *info, BrError *err)
{
	StringInfoData request;
	BrCall	   *call;
	const char *body;
	size_t		len;
	bool		done;

	initStringInfo(&request);
	br_request_describe_table(&request, table);
	call = br_call_start(conn, BR_OP_DESCRIBE_TABLE, request.data, request.len, 0, NULL);
	done = br_call_wait(call, &body, &len, err) && br_describe_parse(body, len, info, err);
	br_call_free(call);
	return done;
}

/* The run's own partition: backwards the run itself, forwards aggregates. */
static void
sample_run_partition(Sampler *sampler)
{
	BrRead		read = {
		.op = BR_OP_QUERY, .table = sampler->result->info.name,
		.key_condition = equals(sampler->result->info.pk,
								psprintf("TESTRUN#%s", sampler->run))
	};

	read.backward = true;
	read.limit = 3;
	sample(sampler, &read);
	read.backward = false;
	read.limit = 5;
	sample(sampler, &read);
}

/* Without a Scan a result is found by the index on runs, if there is one. */
static void
sample_results(Sampler *sampler)
{
	BrDiscovery *result = sampler->result;

	for (int i = 0; i < result->info.nindexes; i++)
	{
		const BrIndexInfo *index = &result->info.indexes[i];
		BrRead		read = {
			.op = BR_OP_QUERY, .table = result->info.name, .index = index->name,
			.limit = 20
		};

		if (strcmp(index->pk, "testRunId") != 0)
			continue;
		read.key_condition = equals(index->pk, sampler->run);
		sample(sampler, &read);
		return;
	}
}

static void
refuse_unlike(const BrDiscovery *result)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION),
			 errmsg("DynamoDB table \"%s\" is not a table of benchmark results",
					result->info.name),
			 errdetail("A partition key and a sort key, both of type S, are needed."),
			 errhint("Import it as it is: OPTIONS (shape 'generic').")));
}

/* Without items the type of an index's sort key tells the shape. */
static void
guess_time_format(BrDiscovery *result)
{
	if (result->time_format != BR_TIME_ANY)
		return;
	result->time_format = BR_TIME_EPOCH_MS;
	for (int i = 0; i < result->info.nindexes; i++)
	{
		const BrIndexInfo *index = &result->info.indexes[i];

		if (index->sk != NULL && strcmp(index->sk, "timestamp") == 0 &&
			index->sk_type == BR_TYPE_S)
			result->time_format = BR_TIME_ISO8601;
	}
}

static void
tell_skipped_indexes(const BrTableInfo *info)
{
	for (int i = 0; i < info->nskipped; i++)
		ereport(NOTICE,
				(errmsg("index \"%s\" of DynamoDB table \"%s\" is not used",
						info->skipped[i], info->name),
				 errdetail("It is not active yet, or its key has several attributes.")));
}

static Sampler *
begin(Oid server_id, Oid user_id, const char *table)
{
	Sampler    *sampler = palloc0(sizeof(Sampler));
	BrError		err;

	sampler->result = palloc0(sizeof(BrDiscovery));
	sampler->table = br_to_utf8(table);
	sampler->reading = (BrReading) {
		.conn = br_connect(server_id, user_id),
		.counters = palloc0(sizeof(BrCounters)),
		.max_in_flight = 1
	};
	if (!br_describe_table(sampler->reading.conn, sampler->table, &sampler->result->info, &err))
		fail(sampler, &err, BR_OP_DESCRIBE_TABLE);
	tell_skipped_indexes(&sampler->result->info);
	return sampler;
}

BrDiscovery *
br_discover_table(Oid server_id, Oid user_id, const char *table)
{
	return begin(server_id, user_id, table)->result;
}

BrDiscovery *
br_discover(Oid server_id, Oid user_id, const char *table,
			const char *sample_run, bool generic)
{
	Sampler    *sampler = begin(server_id, user_id, table);
	BrDiscovery *result = sampler->result;
	BrRead		scan = {.op = BR_OP_SCAN, .table = sampler->table, .limit = 50};

	result->benchmark = !generic;
	if (generic)
	{
		sample(sampler, &scan);
		return result;
	}

	if (result->info.sk == NULL ||
		result->info.pk_type != BR_TYPE_S || result->info.sk_type != BR_TYPE_S)
		refuse_unlike(result);
	if (sample_run != NULL)
	{
		sampler->run = pstrdup(br_to_utf8(sample_run));
		sample_results(sampler);
	}
	else
		sample(sampler, &scan);
	if (sampler->run != NULL)
		sample_run_partition(sampler);
	if (!sampler->config_seen)
		result->config_template = true;
	guess_time_format(result);
	return result;
}

static const char *live_config_attributes[] = {
	"billedDurationMs", "durationMs", "initDurationMs", "invocationNumber",
	"invocationType", "maxMemoryUsedMB", "memorySizeMB", "testRunId"
};

static const char *live_run_attributes[] = {
	"architecture", "billedDurationMs", "configId", "durationMs", "initDurationMs",
	"invocationNumber", "invocationType", "maxMemoryUsedMB", "memorySizeMB",
	"runtime", "workloadType"
};

BrDiscovery *
br_discover_shape(const char *table, const char *shape)
{
	BrDiscovery *result = palloc0(sizeof(BrDiscovery));
	BrTableInfo *info = &result->info;
	bool		live = strcmp(shape, "live") == 0;
	BrIndexInfo indexes[] = {
		{
			.name = "ConfigIndex", .global = true, .pk = "configId",
			.nincluded = lengthof(live_config_attributes),
			.included = live_config_attributes
		},
		{
			.name = "TestRunIndex", .global = true, .pk = "testRunId",
			.nincluded = lengthof(live_run_attributes),
			.included = live_run_attributes
		}
	};

	result->benchmark = true;
	result->config_template = true;
	result->nested_matrix = live;
	result->time_format = live ? BR_TIME_EPOCH_MS : BR_TIME_ISO8601;
	info->name = table;
	info->pk = "pk";
	info->sk = "sk";
	info->pk_type = info->sk_type = BR_TYPE_S;
	info->nindexes = lengthof(indexes);
	info->indexes = palloc(sizeof(indexes));
	memcpy(info->indexes, indexes, sizeof(indexes));
	for (int i = 0; i < info->nindexes; i++)
	{
		info->indexes[i].pk_type = BR_TYPE_S;
		info->indexes[i].sk = "timestamp";
		info->indexes[i].sk_type = live ? BR_TYPE_N : BR_TYPE_S;
		info->indexes[i].projection = live ? BR_PROJECTION_INCLUDE : BR_PROJECTION_ALL;
	}
	return result;
}

double
br_discovery_rows(const BrDiscovery *discovery, const BrEntity *entity)
{
	double		share = entity ? entity->share : 1.0;

	/* the rarest entity is there if anything is */
	return discovery->info.item_count > 0
		? Max(rint(discovery->info.item_count * share), 1) : 0;
}
