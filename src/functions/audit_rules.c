/*
 * audit_rules.c
 *		What is assumed of the items of each table.
 *
 * The keys are cut by the same code that answers queries, and the rest comes
 * from the options of the foreign tables, so that what is audited is what is
 * relied upon.  A view or a local copy declares nothing; its items are still
 * looked at.
 */
#include "base/br.h"

#include "base/array.h"
#include "catalog/pg_type.h"
#include "functions/audit.h"

#define ADVICE_KEYS	"These are no rows of the table, so it must not be declared well_formed."
#define ADVICE_ITEM_TYPE "Nothing here is decided by itemType; other programs may rely on it."
#define ADVICE_STRAY "Items of other programs; they are rows of items only."
#define ADVICE_STRAY_TYPE "Their keys are not those of the entity that they name, so they are no rows of its table."
#define ADVICE_PRESENT "An index on it lacks these items: where such an index is declared complete, take the word out."
#define ADVICE_INDEXED "The column shows what the key says, but an index finds the item under the other value: correct the items, or take the index out of the option indexes."
#define ADVICE_VALUE "The column shows what the key says, whatever the attribute says."
#define ADVICE_CONFIG "The dimensions of these are NULL. Drop config_template if configurations have other names."
#define ADVICE_DIMENSION "The column shows what config_id says. Drop config_template if the attribute is right."
#define ADVICE_CHOICE "Nothing depends on it here; queries for the known values do not find these."
#define ADVICE_TIME "Rows may be missing from intervals or out of order: set the column option format to one that all have, or correct the items."
#define ADVICE_INDEX "Queries by this index miss these items: take \"complete\" out of its entry in the option indexes."
#define ADVICE_NOT_NULL "Reading them is an error: drop NOT NULL."
#define ADVICE_TYPES "Reading them is an error, or NULL with on_type_mismatch 'null': change the column's type."

static const char *const statuses[] = {"in_progress", "completed", "failed", NULL};
static const char *const modes[] = {"test", "balanced", "production", NULL};

static BrCheck *
add_check(BrAudited *table, BrCheckKind kind, const char *assumption, const char *advice)
{
	BrCheck    *check;

	table->checks = br_array_grow(table->checks, table->nchecks, sizeof(BrCheck));
	check = &table->checks[table->nchecks++];
	*check = (BrCheck) {.kind = kind, .assumption = assumption, .advice = advice};
	return check;
}

static char *
listed(const char *const *choices)
{
	StringInfoData out;

	initStringInfo(&out);
	for (const char *const *choice = choices; *choice != NULL; choice++)
		appendStringInfo(&out, "%s%s", choice == choices ? "" :
						 choice[1] == NULL ? " or " : ", ", *choice);
	return out.data;
}

static void
add_choice(BrAudited *table, const char *attribute, const char *const *choices)
{
	BrCheck    *check = add_check(table, BR_CHECK_CHOICE,
								  psprintf("%s is %s", attribute, listed(choices)),
								  ADVICE_CHOICE);

	check->attribute = attribute;
	check->choices = choices;
}

static bool
is_indexed(const BrSchema *schema, const char *attribute)
{
	for (int i = 0; i < schema->nindexes; i++)
	{
		const BrIndexInfo *info = &schema->indexes[i].info;

		if (strcmp(info->pk, attribute) == 0 ||
			(info->sk != NULL && strcmp(info->sk, attribute) == 0))
			return true;
	}
	return false;
}

/* The attributes that repeat what the keys say. */
static void
add_values(BrAudited *table, const BrVariables *vars, int first, const char *source)
{
	const BrSchema *schema = &table->declared.schema;

	for (int i = 0; i < vars->n; i++)
	{
		const char *attribute = vars->list[i].name;
		BrCheck    *check;

		if (strcmp(attribute, schema->pk_name) == 0 || strcmp(attribute, schema->sk_name) == 0)
			continue;
		check = add_check(table, BR_CHECK_VALUE,
						  psprintf("%s agrees with %s", attribute, source),
						  first > 0 ? ADVICE_DIMENSION :
						  is_indexed(schema, attribute) ? ADVICE_INDEXED : ADVICE_VALUE);
		check->attribute = attribute;
		check->value = first + i;
	}
}

/* Of every table, also of one that declares nothing. */
static void
add_checks_of_entity(BrAudited *table)
{
	const BrEntity *entity = table->declared.entity;
	BrCheck    *check;

	add_check(table, BR_CHECK_KEYS, "keys have the entity's form", ADVICE_KEYS);
	add_check(table, BR_CHECK_ITEM_TYPE, psprintf("itemType is %s", entity->item_type),
			  ADVICE_ITEM_TYPE);
	check = add_check(table, BR_CHECK_PRESENT, "timestamp is there", ADVICE_PRESENT);
	check->attribute = "timestamp";
	add_values(table, &table->declared.schema.vars, 0, "the keys");
	if (strcmp(entity->name, "test_runs") == 0)
	{
		add_choice(table, "status", statuses);
		add_choice(table, "mode", modes);
	}
}

/* Of the table of all items: what is in none of the others. */
static void
add_checks_of_strays(BrAudited *table)
{
	for (const char *const *prefix = br_entity_reserved_prefixes(); *prefix != NULL; prefix++)
	{
		BrCheck    *check = add_check(table, BR_CHECK_STRAY,
									  psprintf("no other items under %s", *prefix),
									  ADVICE_STRAY);

		check->prefix = *prefix;
	}
	add_check(table, BR_CHECK_STRAY, "no other items elsewhere", ADVICE_STRAY);
	add_check(table, BR_CHECK_STRAY_TYPE, "other items have another itemType", ADVICE_STRAY_TYPE);
	add_choice(table, "invocationType", br_variable_known("invocationType").choices);
}

static void
add_dimensions(BrAudited *table)
{
	const BrSchema *schema = &table->declared.schema;

	if (br_variable_find(&schema->vars, "configId") < 0)
		return;
	if (schema->config_vars.n == 0)
	{
		add_check(table, BR_CHECK_NOTHING, "configId has the form of config_template",
				  "config_template is not set, so the dimensions are read from their attributes.");
		return;
	}
	add_check(table, BR_CHECK_CONFIG, "configId has the form of config_template", ADVICE_CONFIG);
	add_values(table, &schema->config_vars, schema->vars.n, "configId");
}

static bool
is_time_type(Oid type)
{
	return type == TIMESTAMPTZOID || type == TIMESTAMPOID || type == DATEOID;
}

static void
add_columns(BrAudited *table)
{
	for (int i = 0; i < table->declared.ncolumns; i++)
	{
		const BrDeclaredColumn *column = &table->declared.columns[i];
		const char *format = br_time_format_name(column->format);
		BrCheck    *check;

		if (!is_time_type(column->type) || column->value >= 0)
			continue;
		check = add_check(table, BR_CHECK_TIME,
						  psprintf("column %s is stored as %s", column->name,
								   format ? format : "epoch_ms or iso8601"), ADVICE_TIME);
		check->column = column;
		if (column->format == BR_TIME_ISO8601_UTC)
			check->widths = palloc0(sizeof(BrTally) * (BR_MAX_FRACTION + 1));
	}
	add_check(table, BR_CHECK_TYPES, "attributes have the types of their columns", ADVICE_TYPES);
	for (int i = 0; i < table->declared.ncolumns; i++)
	{
		if (table->declared.columns[i].not_null)
			add_check(table, BR_CHECK_NOT_NULL,
					  psprintf("column %s is not null", table->declared.columns[i].name),
					  ADVICE_NOT_NULL)->column = &table->declared.columns[i];
	}
}

static void
add_indexes(BrAudited *table)
{
	const BrSchema *schema = &table->declared.schema;

	for (int i = 0; i < schema->nindexes; i++)
	{
		if (schema->indexes[i].complete)
			add_check(table, BR_CHECK_INDEX,
					  psprintf("index %s has every item", schema->indexes[i].info.name),
					  ADVICE_INDEX)->index = &schema->indexes[i].info;
	}
}

/* Why the options of a table say nothing about the items; NULL: they do. */
static const char *
why_not_declared(const BrDeclared *table, const BrDeclared *items)
{
	if (!OidIsValid(table->relid))
		return "The source has no such table.";
	if (!table->is_foreign)
		return "It is no foreign table for this entity, so nothing is declared: formats, indexes, config_template, NOT NULL.";
	if (items->is_foreign && (table->server_id != items->server_id ||
							  strcmp(table->remote, items->remote) != 0))
		return "It reads another DynamoDB table than items.";
	return NULL;
}

static void
add_checks(BrAudited *table, const BrDeclared *items)
{
	const char *reason = why_not_declared(&table->declared, items);

	if (table->declared.entity->pk_template != NULL)
		add_checks_of_entity(table);
	else
		add_checks_of_strays(table);
	if (reason != NULL)
	{
		add_check(table, BR_CHECK_NOTHING, "what the options declare", reason);
		return;
	}
	add_dimensions(table);
	add_columns(table);
	add_indexes(table);
}

BrAudit *
br_audit_prepare(const char *source)
{
	BrAudit    *audit = palloc0(sizeof(BrAudit));

	audit->context = CurrentMemoryContext;
	for (const BrEntity *entity = br_entity_next(NULL); entity != NULL;
		 entity = br_entity_next(entity))
	{
		Assert(audit->ntables < BR_MAX_AUDITED);
		br_declared_read(&audit->tables[audit->ntables++].declared, entity, source);
	}
	for (int i = 0; i < audit->ntables; i++)
		add_checks(&audit->tables[i], &audit->tables[audit->ntables - 1].declared);
	return audit;
}
