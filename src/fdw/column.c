/*
 * column.c
 *		Columns, as data, and those that follow from what a sample showed.
 */
#include "base/br.h"

#include <ctype.h>

#include "catalog/heap.h"
#include "dynamodb/path.h"
#include "fdw/column.h"
#include "fdw/encoding.h"
#include "fdw/option.h"
#include "mb/pg_wchar.h"

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

#define LONGEST_MEMBER	"outliersRemoved"

/* More than anybody reads, and fewer than a table can have. */
#define MAX_COLUMNS		1000

/* Attributes that become no columns of their own: what they say is in others. */
static bool
is_ignored(const char *attribute)
{
	return strcmp(attribute, "itemType") == 0 || strcmp(attribute, "testMatrix") == 0;
}

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

/* Is this attribute, in the text form of its path, the first or another alternative of some column? */
static bool
is_mapped(List *columns, const char *attribute)
{
	size_t		len = strlen(attribute);
	ListCell   *lc;

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

/*
 * A name like the one wanted that the table can still take: names of SQL end
 * after 63 bytes, several attributes may become the same, and some are
 * PostgreSQL's own.
 */
static char *
free_name(List *columns, const char *wanted)
{
	for (int n = 1;; n++)
	{
		const char *ending = n == 1 ? "" : psprintf("_%d", n);
		int			len = pg_mbcliplen(wanted, strlen(wanted), NAMEDATALEN - 1 - strlen(ending));
		char	   *name = psprintf("%.*s%s", len, wanted, ending);

		if (!has_column(columns, name) && SystemAttributeByName(name) == NULL)
			return name;
	}
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
		def.name = free_name(columns, def.name);
		columns = add_column(columns, def);
	}
	return add_column(columns, (BrColumnDef) {
		.name = free_name(columns, psprintf("%s_stats", prefix)),
		.type = "jsonb",
		.attribute = legacy ? psprintf("%s|%s", attribute, legacy) : attribute,
		.comment = "the whole statistics object"
	});
}

/* Where types differ from item to item, jsonb takes them all. */
static const char *
type_for(const BrSeen *seen)
{
	if (seen->mixed)
		return "jsonb";
	switch (seen->type)
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

/* A table cannot do without its keys, so they are had, or it is an error. */
static const char *
key_text(const char *name)
{
	return br_to_server(path_text(name));
}

static bool
ends_with(const char *name, const char *ending)
{
	size_t		len = strlen(name);
	size_t		ending_len = strlen(ending);

	return len > ending_len && strcmp(name + len - ending_len, ending) == 0;
}

/* Can a column's option name this? If not, the attribute is in the whole item only. */
static bool
can_be_named(const char *attribute)
{
	const char *text = br_from_utf8(attribute);
	int			len = pg_encoding_mbcliplen(PG_UTF8, attribute, strlen(attribute), 60);

	if (text != NULL && br_option_fits(text, BR_ON_COLUMN))
		return true;
	ereport(NOTICE,
			(errmsg("there is no column for attribute \"%s%s\"",
					br_for_display(pnstrdup(attribute, len)), attribute[len] ? "..." : ""),
			 errdetail("Its name is too long for an option, or has characters that an option or the database's encoding does not take.")));
	return false;
}

/* Is it one of those that get a column in a table of the benchmark? */
static bool
is_metric(const BrSeen *seen)
{
	return seen->type == BR_TYPE_S || seen->type == BR_TYPE_N || seen->type == BR_TYPE_BOOL;
}

static List *
add_seen_column(List *columns, const BrSeen *seen, bool generic)
{
	char	   *path = path_text(seen->name);
	bool		is_stats = !generic && !seen->mixed && seen->type == BR_TYPE_M &&
		ends_with(br_snake_case(seen->name), "_stats");
	const char *name;

	if (is_mapped(columns, path) || !(generic || is_stats || is_metric(seen)) ||
		!can_be_named(is_stats ? psprintf("%s.%s", path, LONGEST_MEMBER) : path))
		return columns;
	path = unconstify(char *, br_from_utf8(path));
	name = br_snake_case(br_from_utf8(seen->name));
	if (is_stats)
		return add_stats_columns(columns, pnstrdup(name, strlen(name) - strlen("_stats")),
								 path, NULL);
	return add_column(columns, (BrColumnDef) {
		.name = free_name(columns, name),
		/* all digits, where nothing is known of what is measured */
		.type = generic && !seen->mixed && seen->type == BR_TYPE_N ? "numeric" : type_for(seen),
		.attribute = path
	});
}

/* Columns for what the sample showed beyond those that are there. */
static List *
add_seen_columns(List *columns, List *attributes, const BrTableInfo *info, bool generic)
{
	ListCell   *lc;

	foreach(lc, attributes)
	{
		const BrSeen *seen = lfirst(lc);

		if (list_length(columns) >= MAX_COLUMNS)
		{
			ereport(NOTICE,
					(errmsg("there are no columns for attributes beyond the first %d", MAX_COLUMNS)));
			break;
		}
		if (strcmp(seen->name, info->pk) == 0 ||
			(info->sk != NULL && strcmp(seen->name, info->sk) == 0) ||
			(!generic && is_ignored(seen->name)))
			continue;
		columns = add_seen_column(columns, seen, generic);
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
		if (br_seen(attributes, second) && !br_seen(attributes, first))
		{
			first = stats_maps[i].legacy;
			second = stats_maps[i].attribute;
		}
		columns = add_stats_columns(columns, stats_maps[i].prefix, first, second);
	}
	return columns;
}

/* The column of the whole item stands last, but nothing else gets its name. */
static List *
move_first_to_end(List *columns)
{
	void	   *first = linitial(columns);

	return lappend(list_delete_first(columns), first);
}

List *
br_columns_of(const BrEntity *entity, const BrDiscovery *discovery)
{
	const BrTableInfo *info = &discovery->info;
	List	   *columns = NIL;

	if (strcmp(entity->name, "test_runs") == 0)
	{
		columns = add_column(columns, whole_item);
		columns = add_columns(columns, run_columns, lengthof(run_columns));
		columns = add_matrix_columns(columns, discovery->nested_matrix);
		columns = add_seen_columns(columns, discovery->run_attributes, info, false);
		return move_first_to_end(columns);
	}
	if (strcmp(entity->name, "aggregates") == 0)
	{
		columns = add_column(columns, whole_item);
		columns = add_columns(columns, aggregate_columns, lengthof(aggregate_columns));
		columns = stats_columns(columns, discovery->aggregate_attributes);
		columns = add_seen_columns(columns, discovery->aggregate_attributes, info, false);
		return move_first_to_end(columns);
	}
	if (strcmp(entity->name, "results") == 0)
	{
		columns = add_columns(columns, result_columns, lengthof(result_columns));
		return add_seen_columns(columns, discovery->result_attributes, info, false);
	}
	columns = add_columns(columns, item_columns, lengthof(item_columns));
	((BrColumnDef *) linitial(columns))->attribute = key_text(info->pk);
	((BrColumnDef *) lsecond(columns))->attribute = key_text(info->sk);
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
		.name = free_name(columns, br_snake_case(br_to_server(attribute))),
		.type = key_column_type(type),
		.attribute = key_text(attribute), .key = key
	});
}

List *
br_columns_of_generic(const BrDiscovery *discovery)
{
	const BrTableInfo *info = &discovery->info;
	List	   *columns = NIL;

	columns = add_column(columns, (BrColumnDef) {
		.name = "item", .type = "jsonb", .attribute = "*",
		.comment = "the whole item, without loss"
	});
	columns = add_key_column(columns, info->pk, info->pk_type, "partition");
	columns = add_key_column(columns, info->sk, info->sk_type, "sort");
	columns = add_seen_columns(columns, discovery->attributes, info, true);
	return move_first_to_end(columns);
}
