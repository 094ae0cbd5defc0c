/*
 * column.c
 *		Columns, as data, and those that follow from what a sample showed.
 */
#include "base/br.h"

#include <ctype.h>

#include "dynamodb/path.h"
#include "fdw/column.h"

#define MEASUREMENT	"double precision"

#define COLUMN(column, sqltype, path) \
	.name = column, .type = sqltype, .attribute = path

static const BrColumnDef run_columns[] = {
	{COLUMN("test_run_id", "text", "testRunId"), .comment = "id of the run, a UUID"},
	{COLUMN("timestamp", "timestamptz", "timestamp"), .is_timestamp = true,
	.comment = "start of the run"},
	{COLUMN("start_time", "timestamptz", "startTime"), .is_timestamp = true},
	{COLUMN("end_time", "timestamptz", "endTime"), .is_timestamp = true},
	{COLUMN("status", "text", "status"), .comment = "in_progress, completed or failed"},
	{COLUMN("mode", "text", "mode"), .comment = "test, balanced or production"},
	{COLUMN("region", "text", "region")},
	{COLUMN("notes", "text", "notes"), .comment = "what changed, and why"},
	{COLUMN("error_summary", "text", "errorSummary")},
	{COLUMN("failed_invocations", "integer", "failedInvocations"),
	.comment = "the live suite counts failed configurations here"},
	{COLUMN("total_configurations", "integer", "totalConfigurations")},
	{COLUMN("total_invocations", "integer", "totalInvocations")},
	{COLUMN("cold_starts_per_config", "integer", "coldStartsPerConfig")},
	{COLUMN("warm_starts_per_config", "integer", "warmStartsPerConfig")},
};

/* Parts of the test matrix: at top level, or in the map testMatrix. */
static const BrColumnDef matrix_columns[] = {
	{COLUMN("runtimes", "text[]", "runtimes")},
	{COLUMN("architectures", "text[]", "architectures")},
	{COLUMN("workload_types", "text[]", "workloadTypes")},
	{COLUMN("configurations", "jsonb", "configurations"),
	.comment = "the test matrix: runtime, architecture, workloadType, memorySizes"},
};

static const BrColumnDef aggregate_columns[] = {
	{COLUMN("test_run_id", "text", "testRunId"), .comment = "id of the run, a UUID"},
	{COLUMN("config_id", "text", "configId"),
	.comment = "runtime-architecture-workload-memory"},
	{COLUMN("invocation_type", "text", "invocationType"), .comment = "cold or warm"},
	{COLUMN("timestamp", "timestamptz", "timestamp"), .is_timestamp = true,
	.comment = "when the aggregate was made"},
	{COLUMN("runtime", "text", "runtime")},
	{COLUMN("architecture", "text", "architecture"), .comment = "arm64 or x86"},
	{COLUMN("workload_type", "text", "workloadType")},
	{COLUMN("memory_size_mb", "integer", "memorySizeMB")},
	{COLUMN("sample_count", "integer", "sampleCount"), .comment = "successful samples"},
	{COLUMN("failed_count", "integer", "failedCount")},
	{COLUMN("all_successful", "boolean", "allSuccessful")},
};

static const BrColumnDef result_columns[] = {
	{COLUMN("test_run_id", "text", "testRunId"), .comment = "id of the run, a UUID"},
	{COLUMN("config_id", "text", "configId"),
	.comment = "runtime-architecture-workload-memory"},
	{COLUMN("invocation_type", "text", "invocationType"), .comment = "cold or warm"},
	{COLUMN("invocation_number", "integer", "invocationNumber"),
	.comment = "from 1, of its run, configuration and type"},
	{COLUMN("timestamp", "timestamptz", "timestamp"), .is_timestamp = true},
	{COLUMN("runtime", "text", "runtime")},
	{COLUMN("architecture", "text", "architecture"), .comment = "arm64 or x86"},
	{COLUMN("workload_type", "text", "workloadType")},
	{COLUMN("memory_size_mb", "integer", "memorySizeMB")},
	{COLUMN("success", "boolean", "success")},
	{COLUMN("duration_ms", MEASUREMENT, "durationMs"),
	.comment = "NULL if the invocation failed"},
	{COLUMN("billed_duration_ms", MEASUREMENT, "billedDurationMs")},
	{COLUMN("init_duration_ms", MEASUREMENT, "initDurationMs"), .comment = "cold starts only"},
	{COLUMN("max_memory_used_mb", MEASUREMENT, "maxMemoryUsedMB")},
	{COLUMN("function_name", "text", "functionName")},
	{COLUMN("function_version", "text", "functionVersion")},
	{COLUMN("lambda_request_id", "text", "lambdaRequestId|requestId")},
};

static const BrColumnDef item_columns[] = {
	{COLUMN("pk", "text", "pk"), .comment = "partition key"},
	{COLUMN("sk", "text", "sk"), .comment = "sort key"},
	{COLUMN("item_type", "text", "itemType"), .comment = "test-run, aggregate or result"},
	{COLUMN("test_run_id", "text", "testRunId")},
	{COLUMN("config_id", "text", "configId")},
	{COLUMN("timestamp", "timestamptz", "timestamp"), .is_timestamp = true},
	{COLUMN("item", "jsonb", "*"), .comment = "the whole item, without loss"},
};

static const BrColumnDef whole_item = {
	COLUMN("attributes", "jsonb", "*"), .comment = "the whole item, without loss"
};

/* The statistics objects that every aggregate may have. */
static const struct
{
	const char *prefix;			/* of the columns */
	const char *attribute;
	const char *legacy;			/* its former name */
}			stats_maps[] =
{
	{"duration_ms", "durationMsStats", "durationStats"},
	{"billed_duration_ms", "billedDurationMsStats", "billedDurationStats"},
	{"memory_mb", "memoryMBStats", "memoryStats"},
	{"init_duration_ms", "initDurationMsStats", "initDurationStats"}
};

/* What a statistics object holds. */
static const struct
{
	const char *suffix;
	const char *member;
	const char *type;
}			stats_members[] =
{
	{"mean", "mean", MEASUREMENT},
	{"median", "median", MEASUREMENT},
	{"min", "min", MEASUREMENT},
	{"max", "max", MEASUREMENT},
	{"stdev", "stdev", MEASUREMENT},
	{"p90", "p90", MEASUREMENT},
	{"p95", "p95", MEASUREMENT},
	{"p99", "p99", MEASUREMENT},
	{"sample_count", "sampleCount", "integer"},
	{"outliers_removed", "outliersRemoved", "boolean"}
};

/* Attributes that are no columns of their own: the columns come from the keys. */
static const char *const ignored_attributes[] = {"pk", "sk", "itemType", "testMatrix"};

char *
br_snake_case(const char *name)
{
	StringInfoData out;

	initStringInfo(&out);
	for (const char *p = name; *p != '\0'; p++)
	{
		unsigned char c = *p;
		bool		word_begins = p > name && isupper(c) &&
		(islower((unsigned char) p[-1]) || isdigit((unsigned char) p[-1]) ||
		 (isupper((unsigned char) p[-1]) && islower((unsigned char) p[1])));

		if (word_begins)
			appendStringInfoChar(&out, '_');
		if (isalnum(c) || IS_HIGHBIT_SET(c))
			appendStringInfoChar(&out, isupper(c) ? tolower(c) : c);
		else
			appendStringInfoChar(&out, '_');
	}
	return out.data;
}

static List *
add_column(List *columns, BrColumnDef def)
{
	BrColumnDef *copy = palloc(sizeof(BrColumnDef));

	*copy = def;
	return lappend(columns, copy);
}

static List *
add_columns(List *columns, const BrColumnDef *defs, int n)
{
	for (int i = 0; i < n; i++)
		columns = add_column(columns, defs[i]);
	return columns;
}

static bool
has_column(List *columns, const char *name)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		if (strcmp(((BrColumnDef *) lfirst(lc))->name, name) == 0)
			return true;
	}
	return false;
}

/* Is this attribute the first or another alternative of some column? */
static bool
is_mapped(List *columns, const char *attribute)
{
	size_t		len = strlen(attribute);
	ListCell   *lc;

	for (int i = 0; i < (int) lengthof(ignored_attributes); i++)
	{
		if (strcmp(ignored_attributes[i], attribute) == 0)
			return true;
	}
	foreach(lc, columns)
	{
		const char *mapped = ((BrColumnDef *) lfirst(lc))->attribute;

		for (const char *p = mapped; p != NULL; p = strchr(p, '|'))
		{
			if (*p == '|')
				p++;
			if (strncmp(p, attribute, len) == 0 && strchr(".|", p[len]) != NULL)
				return true;
		}
	}
	return false;
}

static List *
add_matrix_columns(List *columns, bool nested)
{
	for (int i = 0; i < (int) lengthof(matrix_columns); i++)
	{
		BrColumnDef def = matrix_columns[i];

		def.attribute = nested
			? psprintf("testMatrix.%s|%s", def.attribute, def.attribute)
			: psprintf("%s|testMatrix.%s", def.attribute, def.attribute);
		columns = add_column(columns, def);
	}
	return columns;
}

/* The columns of one statistics object; legacy may be NULL. */
static List *
add_stats_columns(List *columns, const char *prefix, const char *attribute,
				  const char *legacy)
{
	for (int i = 0; i < (int) lengthof(stats_members); i++)
	{
		const char *member = stats_members[i].member;
		BrColumnDef def = {
			.name = psprintf("%s_%s", prefix, stats_members[i].suffix),
			.type = stats_members[i].type,
			.attribute = psprintf("%s.%s", attribute, member)
		};

		if (legacy != NULL)
			def.attribute = psprintf("%s|%s.%s", def.attribute, legacy, member);
		if (!has_column(columns, def.name))
			columns = add_column(columns, def);
	}
	return add_column(columns, (BrColumnDef) {
		.name = psprintf("%s_stats", prefix),
		.type = "jsonb",
		.attribute = legacy ? psprintf("%s|%s", attribute, legacy) : attribute,
		.comment = "the whole statistics object"
	});
}

static const char *
type_for(BrType type)
{
	switch (type)
	{
		case BR_TYPE_S:
			return "text";
		case BR_TYPE_N:
			return MEASUREMENT;
		case BR_TYPE_B:
			return "bytea";
		case BR_TYPE_BOOL:
			return "boolean";
		case BR_TYPE_SS:
			return "text[]";
		case BR_TYPE_NS:
			return "numeric[]";
		case BR_TYPE_BS:
			return "bytea[]";
		default:
			return "jsonb";
	}
}

/* The text form of a path with one step. */
static char *
path_text(const char *name)
{
	StringInfoData out;
	BrPath		path;

	initStringInfo(&out);
	br_path_of_name(name, &path);
	br_path_append(&out, &path);
	return out.data;
}

static bool
ends_with(const char *name, const char *ending)
{
	size_t		len = strlen(name);
	size_t		ending_len = strlen(ending);

	return len > ending_len && strcmp(name + len - ending_len, ending) == 0;
}

/* Scalars and statistics objects that the sample showed beyond the known ones. */
static List *
add_seen_columns(List *columns, List *attributes)
{
	ListCell   *lc;

	foreach(lc, attributes)
	{
		const BrSeen *seen = lfirst(lc);
		char	   *name = br_snake_case(seen->name);

		if (is_mapped(columns, seen->name) || has_column(columns, name))
			continue;
		if (seen->type == BR_TYPE_M && ends_with(name, "_stats"))
			columns = add_stats_columns(columns, pnstrdup(name, strlen(name) - 6),
										path_text(seen->name), NULL);
		else if (seen->type == BR_TYPE_S || seen->type == BR_TYPE_N ||
				 seen->type == BR_TYPE_BOOL)
			columns = add_column(columns, (BrColumnDef) {
				.name = name, .type = type_for(seen->type),
				.attribute = path_text(seen->name)
			});
	}
	return columns;
}

static List *
stats_columns(List *columns, List *attributes)
{
	for (int i = 0; i < (int) lengthof(stats_maps); i++)
	{
		const char *first = stats_maps[i].attribute;
		const char *second = stats_maps[i].legacy;

		/* the one that was found comes first */
		if (br_seen(attributes, second, NULL) && !br_seen(attributes, first, NULL))
		{
			first = stats_maps[i].legacy;
			second = stats_maps[i].attribute;
		}
		columns = add_stats_columns(columns, stats_maps[i].prefix, first, second);
	}
	return columns;
}

List *
br_columns_of(const BrEntity *entity, const BrDiscovery *discovery)
{
	List	   *columns = NIL;

	if (strcmp(entity->name, "test_runs") == 0)
	{
		columns = add_columns(columns, run_columns, lengthof(run_columns));
		columns = add_matrix_columns(columns, discovery->nested_matrix);
		columns = add_seen_columns(columns, discovery->run_attributes);
		return add_column(columns, whole_item);
	}
	if (strcmp(entity->name, "aggregates") == 0)
	{
		columns = add_columns(columns, aggregate_columns, lengthof(aggregate_columns));
		columns = stats_columns(columns, discovery->aggregate_attributes);
		columns = add_seen_columns(columns, discovery->aggregate_attributes);
		return add_column(columns, whole_item);
	}
	if (strcmp(entity->name, "results") == 0)
	{
		columns = add_columns(columns, result_columns, lengthof(result_columns));
		return add_seen_columns(columns, discovery->result_attributes);
	}
	columns = add_columns(columns, item_columns, lengthof(item_columns));
	((BrColumnDef *) linitial(columns))->attribute = path_text(discovery->info.pk);
	((BrColumnDef *) lsecond(columns))->attribute = path_text(discovery->info.sk);
	return columns;
}

static const char *
key_column_type(BrType type)
{
	return type == BR_TYPE_N ? "numeric" : type == BR_TYPE_B ? "bytea" : "text";
}

static List *
add_key_column(List *columns, const char *attribute, BrType type, const char *key)
{
	if (attribute == NULL)
		return columns;
	return add_column(columns, (BrColumnDef) {
		.name = br_snake_case(attribute), .type = key_column_type(type),
		.attribute = path_text(attribute), .key = key
	});
}

List *
br_columns_of_generic(const BrDiscovery *discovery)
{
	const BrTableInfo *info = &discovery->info;
	List	   *columns = NIL;
	ListCell   *lc;

	columns = add_key_column(columns, info->pk, info->pk_type, "partition");
	columns = add_key_column(columns, info->sk, info->sk_type, "sort");
	foreach(lc, discovery->attributes)
	{
		const BrSeen *seen = lfirst(lc);
		char	   *name = br_snake_case(seen->name);

		if (has_column(columns, name) || strcmp(name, "item") == 0)
			continue;
		columns = add_column(columns, (BrColumnDef) {
			.name = name,
			.type = seen->type == BR_TYPE_N ? "numeric" : type_for(seen->type),
			.attribute = path_text(seen->name)
		});
	}
	return add_column(columns, (BrColumnDef) {
		.name = "item", .type = "jsonb", .attribute = "*",
		.comment = "the whole item, without loss"
	});
}
