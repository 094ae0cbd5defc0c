/*
 * option.c
 *		The option table, its validator and its readers.
 *
 * The validator sees one object at a time, and never which table a column
 * belongs to, so it checks single values only; what depends on several objects
 * is checked when they are used.
 */
#include "base/br.h"

#include <limits.h>

#include "access/template.h"
#include "aws/endpoint.h"
#include "commands/defrem.h"
#include "dynamodb/path.h"
#include "fdw/option.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/varlena.h"

/* pg_attribute has no TOAST table: longer options make its row too big */
#define MAX_COLUMN_OPTION	1024
#define MAX_OPTION			(64 * 1024)

static void check_region(const char *name, const char *value);
static void check_endpoint(const char *name, const char *value);
static void check_template(const char *name, const char *value);
static void check_attribute(const char *name, const char *value);

static const char *const consistent_choices[] = {"auto", "true", "false", NULL};
static const char *const scan_choices[] = {"allow", "notice", "deny", NULL};
static const char *const mismatch_choices[] = {"error", "null", NULL};
static const char *const entity_choices[] = {"test_runs", "aggregates", "results", "items", NULL};
static const char *const key_choices[] = {"partition", "sort", NULL};
static const char *const format_choices[] = {"epoch_ms", "epoch_s", "iso8601_utc", "iso8601_z", "iso8601", NULL};
static const char *const insert_choices[] = {"insert", "upsert", NULL};
static const char *const batch_choices[] = {"single", "transact", NULL};
static const char *const writes_choices[] = {"autocommit", "forbid_in_xact_block", NULL};
static const char *const shape_choices[] = {"live", "document", "generic", NULL};

static const BrOptionDef option_table[] = {
	{.name = "region", .places = BR_ON_SERVER, .check = check_region,
	.help = "AWS region of the table, such as us-east-2"},
	{.name = "endpoint", .places = BR_ON_SERVER, .check = check_endpoint,
	.help = "URL of the service, if it is not the region's own"},
	{.name = "signing_region", .places = BR_ON_SERVER, .check = check_region,
	.help = "region named in signatures, if it is not the region itself"},
	{.name = "use_fips", .places = BR_ON_SERVER, .type = BR_OPTION_BOOL, .initial = "false",
	.help = "use the region's FIPS endpoint"},
	{.name = "use_dualstack", .places = BR_ON_SERVER, .type = BR_OPTION_BOOL, .initial = "false",
	.help = "use the region's IPv6-capable endpoint"},
	{.name = "connect_timeout", .places = BR_ON_SERVER, .type = BR_OPTION_DURATION,
		.min = 1, .max = 600000, .initial = "3s",
	.help = "longest wait for a connection, TLS included"},
	{.name = "request_timeout", .places = BR_ON_SERVER, .type = BR_OPTION_DURATION,
		.min = 1, .max = 600000, .initial = "10s",
	.help = "longest wait for the answer to one request"},
	{.name = "max_attempts", .places = BR_ON_SERVER, .type = BR_OPTION_INTEGER,
		.min = 1, .max = 20, .initial = "4",
	.help = "how often a request is sent before its failure is an error"},
	{.name = "max_concurrency", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_INTEGER,
		.min = 1, .max = 64, .initial = "8",
	.help = "how many requests of one scan or write may be under way together"},
	{.name = "ca_file", .places = BR_ON_SERVER, .superuser = true,
	.help = "file of certificate authorities, instead of the system's"},
	{.name = "proxy", .places = BR_ON_SERVER, .superuser = true,
	.help = "URL of an HTTP proxy; the environment's is never used"},
	{.name = "scan", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_CHOICE,
		.choices = scan_choices, .initial = "allow",
	.help = "whether all of a table may be read: allow (a NOTICE if it is large), notice or deny"},
	{.name = "scan_segments", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_INTEGER,
		.min = 1, .max = 64, .word = "auto", .initial = "auto",
	.help = "in how many parts a Scan is read side by side; auto: by the size of the table"},
	{.name = "max_read_units", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_INTEGER,
		.min = 0, .max = LONG_MAX, .initial = "1000000",
	.help = "read units that one statement may use; 0: no limit"},
	{.name = "read_units_per_second", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_INTEGER,
		.min = 0, .max = INT_MAX, .initial = "0",
	.help = "read units that a session uses of a table in a second; 0: as many as it gets"},
	{.name = "max_keys", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_INTEGER,
		.min = 1, .max = 10000000, .initial = "100000",
	.help = "how many keys one scan may name, by IN and = ANY, before it is an error"},
	{.name = "analyze_requests", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_INTEGER,
		.min = 1, .max = 10000, .initial = "20",
	.help = "how many requests for items ANALYZE may make"},
	{.name = "consistent_read", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_CHOICE,
		.choices = consistent_choices, .initial = "auto",
	.help = "true: strong reads, never by a global index"},
	{.name = "on_type_mismatch", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_CHOICE,
		.choices = mismatch_choices, .initial = "error",
	.help = "what an attribute of another type than its column's gives: error or null"},

	{.name = "updatable", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_BOOL, .initial = "false",
	.help = "whether INSERT, UPDATE and DELETE are allowed; ROLLBACK does not undo them"},
	{.name = "insert_mode", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_CHOICE,
		.choices = insert_choices, .initial = "insert",
	.help = "what INSERT does with an item that exists: insert (an error) or upsert (replaces it)"},
	{.name = "batch_mode", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_CHOICE,
		.choices = batch_choices, .initial = "single",
	.help = "single: a request for each row of INSERT; transact: lots of rows, all or nothing, at twice the price"},
	{.name = "batch_size", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_INTEGER,
		.min = 1, .max = 1000, .initial = "25",
	.help = "how many rows INSERT hands over together"},
	{.name = "writes", .places = BR_ON_SERVER | BR_ON_TABLE, .type = BR_OPTION_CHOICE,
		.choices = writes_choices, .initial = "autocommit",
	.help = "forbid_in_xact_block: no writes in a transaction block, which cannot roll them back"},

	{.name = "access_key_id", .places = BR_ON_MAPPING,
	.help = "AWS access key id"},
	{.name = "secret_access_key", .places = BR_ON_MAPPING,
	.help = "AWS secret access key"},
	{.name = "session_token", .places = BR_ON_MAPPING,
	.help = "session token of temporary credentials"},

	{.name = "table", .places = BR_ON_TABLE | BR_ON_IMPORT,
	.help = "name of the DynamoDB table; the foreign table's own name if not set"},
	{.name = "entity", .places = BR_ON_TABLE, .type = BR_OPTION_CHOICE, .choices = entity_choices,
	.help = "which items of the benchmark table are its rows; not set: all of any table"},
	{.name = "pk", .places = BR_ON_TABLE,
	.help = "attribute that is the partition key"},
	{.name = "sk", .places = BR_ON_TABLE,
	.help = "attribute that is the sort key"},
	{.name = "pk_template", .places = BR_ON_TABLE, .check = check_template,
	.help = "how the partition key is made of attributes, such as TESTRUN#{testRunId}"},
	{.name = "sk_template", .places = BR_ON_TABLE, .check = check_template,
	.help = "how the sort key is made of attributes"},
	{.name = "config_template", .places = BR_ON_TABLE, .check = check_template,
	.help = "how a configuration id is made of its dimensions"},
	{.name = "config_required", .places = BR_ON_TABLE, .type = BR_OPTION_BOOL, .initial = "false",
	.help = "items whose configuration id does not follow config_template are no rows"},
	{.name = "having", .places = BR_ON_TABLE, .type = BR_OPTION_TEXT,
	.help = "an attribute without which an item is no row"},
	{.name = "indexes", .places = BR_ON_TABLE,
	.help = "JSON array of the table's indexes, as IMPORT FOREIGN SCHEMA writes it"},
	{.name = "well_formed", .places = BR_ON_TABLE, .type = BR_OPTION_BOOL, .initial = "false",
	.help = "asserts that all items under the entity's keys are of the entity"},
	{.name = "use_index", .places = BR_ON_TABLE, .type = BR_OPTION_TEXT,
	.help = "names of the indexes that may be used, separated by commas, or none"},
	{.name = "status_values", .places = BR_ON_TABLE, .type = BR_OPTION_TEXT,
	.help = "further values that status may be given, separated by commas"},
	{.name = "mode_values", .places = BR_ON_TABLE, .type = BR_OPTION_TEXT,
	.help = "further values that mode may be given, separated by commas"},
	{.name = "estimated_rows", .places = BR_ON_TABLE, .type = BR_OPTION_INTEGER,
		.min = 0, .max = LONG_MAX,
	.help = "number of rows that the planner assumes"},

	{.name = "attribute", .places = BR_ON_COLUMN, .check = check_attribute,
	.help = "path of the attribute, alternatives separated by |, or * for the whole item"},
	{.name = "key", .places = BR_ON_COLUMN, .type = BR_OPTION_CHOICE, .choices = key_choices,
	.help = "partition or sort: the column is that key of a table without entity"},
	{.name = "format", .places = BR_ON_COLUMN, .type = BR_OPTION_CHOICE, .choices = format_choices,
	.help = "how a timestamp is stored"},

	{.name = "collate", .places = BR_ON_IMPORT,
	.help = "collation of the text columns"},
	{.name = "sample_run", .places = BR_ON_IMPORT,
	.help = "id of the run to look at, instead of one found by a Scan"},
	{.name = "shape", .places = BR_ON_IMPORT, .type = BR_OPTION_CHOICE, .choices = shape_choices,
	.help = "live, document or generic: taken as given, without a request"},
};

static const BrOptionDef *
find_option(const char *name)
{
	for (int i = 0; i < (int) lengthof(option_table); i++)
	{
		if (strcmp(option_table[i].name, name) == 0)
			return &option_table[i];
	}
	return NULL;
}

static const char *
place_name(int place)
{
	switch (place)
	{
		case BR_ON_SERVER:
			return "a server";
		case BR_ON_MAPPING:
			return "a user mapping";
		case BR_ON_TABLE:
			return "a foreign table";
		case BR_ON_COLUMN:
			return "a column";
		case BR_ON_IMPORT:
			return "IMPORT FOREIGN SCHEMA";
		default:
			return "a foreign-data wrapper";
	}
}

/* The option of this place whose name is nearest, or NULL if none is near. */
static const char *
nearest_option(const char *name, int place)
{
	const char *nearest = NULL;
	int			best = Max(2, (int) strlen(name) / 3) + 1;

	if (strlen(name) > NAMEDATALEN)
		return NULL;
	for (int i = 0; i < (int) lengthof(option_table); i++)
	{
		const BrOptionDef *def = &option_table[i];
		int			distance;

		if (!(def->places & place))
			continue;
		distance = varstr_levenshtein(name, strlen(name), def->name, strlen(def->name),
									  1, 1, 1, true);
		if (distance < best)
		{
			best = distance;
			nearest = def->name;
		}
	}
	return nearest;
}

static char *
all_options(int place)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < (int) lengthof(option_table); i++)
	{
		if (option_table[i].places & place)
			appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "",
							 option_table[i].name);
	}
	return list.data;
}

/*
 * A name that does not belong here.  The value is never shown: it may be a
 * secret that somebody put in the wrong place.
 */
static void
refuse_option(const char *name, int place)
{
	const BrOptionDef *elsewhere = find_option(name);
	const char *nearest = nearest_option(name, place);

	if (elsewhere != NULL && elsewhere->places == BR_ON_MAPPING)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
				 errmsg("option \"%s\" is not allowed on %s", name, place_name(place)),
				 errdetail("Options of %s can be read by every user of the database.",
						   place == BR_ON_MAPPING ? "it" : place_name(place)),
				 errhint("Put it into a user mapping: CREATE USER MAPPING FOR ... SERVER ... OPTIONS (%s '...').",
						 name)));
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
			 errmsg("invalid option \"%s\" for %s", name, place_name(place)),
			 place == 0 ? errhint("There are no valid options in this context.") :
			 nearest ? errhint("Perhaps you meant the option \"%s\".", nearest) :
			 errhint("Valid options are: %s.", all_options(place))));
}

static void
refuse_value(const BrOptionDef *def, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for option \"%s\"", def->name),
			 errhint("%s", hint)));
}

static bool
parse_number(const BrOptionDef *def, const char *value, long *result)
{
	char	   *end;
	int			ms;
	const char *hint;

	if (def->type == BR_OPTION_DURATION)
	{
		/* a bare number would be taken for seconds by some, for ms by others */
		if (strpbrk(value, "smhd") == NULL ||
			!parse_int(value, &ms, GUC_UNIT_MS, &hint))
			return false;
		*result = ms;
	}
	else
	{
		errno = 0;
		*result = strtol(value, &end, 10);
		if (errno != 0 || end == value || *end != '\0')
			return false;
	}
	return *result >= def->min && *result <= def->max;
}

static void
check_value(const BrOptionDef *def, const char *value)
{
	bool		flag;
	long		number;

	switch (def->type)
	{
		case BR_OPTION_BOOL:
			if (!parse_bool(value, &flag))
				refuse_value(def, "It takes true or false.");
			break;
		case BR_OPTION_INTEGER:
			if (def->word != NULL && strcmp(value, def->word) == 0)
				return;
			if (!parse_number(def, value, &number))
				refuse_value(def, psprintf("It takes %s%sa whole number from %ld to %ld.",
										   def->word ? def->word : "", def->word ? " or " : "",
										   def->min, def->max));
			break;
		case BR_OPTION_DURATION:
			if (!parse_number(def, value, &number))
				refuse_value(def, psprintf("It takes a time with its unit, such as '500ms', '10s' or '1min', up to %ld ms.",
										   def->max));
			break;
		case BR_OPTION_CHOICE:
			{
				StringInfoData list;

				initStringInfo(&list);
				for (const char *const *choice = def->choices; *choice != NULL; choice++)
				{
					if (strcmp(*choice, value) == 0)
						return;
					appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "", *choice);
				}
				refuse_value(def, psprintf("It takes one of: %s.", list.data));
			}
			break;
		case BR_OPTION_TEXT:
			if (value[0] == '\0')
				refuse_value(def, "It must not be empty.");
			break;
	}
	if (def->check != NULL)
		def->check(def->name, value);
}

static size_t
max_length(int place)
{
	return place == BR_ON_COLUMN ? MAX_COLUMN_OPTION : MAX_OPTION;
}

/* Nothing that ends up in a URL, a header or a message holds these. */
static bool
has_control_characters(const char *value)
{
	for (const char *p = value; *p != '\0'; p++)
	{
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			return true;
	}
	return false;
}

bool
br_option_fits(const char *value, int place)
{
	return strlen(value) <= max_length(place) && !has_control_characters(value);
}

void
br_options_validate(List *options, int place)
{
	ListCell   *lc;

	foreach(lc, options)
	{
		DefElem    *given = lfirst_node(DefElem, lc);
		const BrOptionDef *def = find_option(given->defname);
		const char *value;

		if (def == NULL || !(def->places & place))
			refuse_option(given->defname, place);
		if (def->superuser && !superuser())
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("permission denied to set option \"%s\"", def->name),
					 errdetail("Only a superuser may have a server use it.")));
		value = defGetString(given);
		if (strlen(value) > max_length(place))
			refuse_value(def, psprintf("It takes at most %zu bytes.", max_length(place)));
		if (has_control_characters(value))
			refuse_value(def, "It must not contain control characters.");
		check_value(def, value);
	}
}

static void
check_region(const char *name, const char *value)
{
	if (!br_region_is_valid(value))
		refuse_value(find_option(name),
					 "A region consists of lower-case letters, digits and hyphens, such as us-east-2.");
}

static void
check_endpoint(const char *name, const char *value)
{
	const char *allowed;
	BrError		err;

	if (!br_endpoint_url_is_valid(value, &err))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"%s\": %s", name, err.message)));
	if (superuser())
		return;
	allowed = GetConfigOption("benchresults_fdw.allowed_endpoints", true, false);
	if (!br_endpoint_is_allowed(value, allowed ? allowed : ""))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to use this endpoint"),
				 errdetail("Requests carry credentials, so only a superuser may send them to any host."),
				 errhint("It must be https and of a host that benchresults_fdw.allowed_endpoints lists.")));
}

static void
check_template(const char *name, const char *value)
{
	BrVariables vars = {0};
	BrTemplate	template;
	BrError		err;

	if (!br_template_parse(value, &vars, &template, &err))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"%s\": %s", name, err.message)));
}

static void
check_attribute(const char *name, const char *value)
{
	BrPaths		paths;
	BrError		err;

	if (strcmp(value, "*") != 0 && !br_paths_parse(value, &paths, &err))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"%s\": %s", name, err.message)));
}

static DefElem *
find_given(const char *name, List *options)
{
	ListCell   *lc;

	foreach(lc, options)
	{
		DefElem    *given = lfirst_node(DefElem, lc);

		if (strcmp(given->defname, name) == 0)
			return given;
	}
	return NULL;
}

const char *
br_option_text(const char *name, List *options, List *fallback)
{
	const BrOptionDef *def = find_option(name);
	DefElem    *given = find_given(name, options);

	Assert(def != NULL);
	if (given == NULL)
		given = find_given(name, fallback);
	return given != NULL ? defGetString(given) : def->initial;
}

bool
br_option_bool(const char *name, List *options, List *fallback)
{
	const char *value = br_option_text(name, options, fallback);
	bool		flag = false;

	if (value != NULL)
		(void) parse_bool(value, &flag);
	return flag;
}

long
br_option_number(const char *name, List *options, List *fallback)
{
	const char *value = br_option_text(name, options, fallback);
	long		number = 0;

	if (value != NULL)
		(void) parse_number(find_option(name), value, &number);
	return number;
}

List *
br_option_names(const char *value)
{
	List	   *names = NIL;

	while (*value != '\0')
	{
		size_t		len = strcspn(value, ",");
		const char *from = value;
		const char *to = value + len;

		while (from < to && *from == ' ')
			from++;
		while (to > from && to[-1] == ' ')
			to--;
		if (to > from)
			names = lappend(names, pnstrdup(from, to - from));
		value += len + (value[len] == ',');
	}
	return names;
}
