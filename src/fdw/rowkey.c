/*
 * rowkey.c
 *		The keys of items from the columns of rows.
 */
#include "base/br.h"

#include "access/key.h"
#include "catalog/pg_type.h"
#include "fdw/encoding.h"
#include "fdw/rowkey.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/*
 * The part of the keys that a column is, -1: none.  A timestamp that is a key
 * itself is no BR_COLUMN_KEY, as it is compared by bounds.
 */
int
br_key_part_of(const BrRelation *rel, const BrColumn *column)
{
	if (column->kind == BR_COLUMN_KEY)
		return column->value;
	if (column->kind == BR_COLUMN_ATTRIBUTE && column->paths.npaths == 1 &&
		column->paths.paths[0].nsteps == 1)
		return br_schema_value_of(&rel->schema, column->paths.paths[0].steps[0].name);
	return -1;
}

/* How the part of a key is stored, as an attribute or as the key that it is. */
BrType
br_key_part_type(const BrSchema *schema, int value)
{
	const BrVariable *var = value < schema->vars.n ? &schema->vars.list[value]
		: &schema->config_vars.list[value - schema->vars.n];

	if (strcmp(var->name, schema->pk_name) == 0)
		return schema->pk_type;
	if (br_same_name(var->name, schema->sk_name))
		return schema->sk_type;
	return var->kind == BR_VAR_INTEGER ? BR_TYPE_N : BR_TYPE_S;
}

const char *
br_key_part_name(const BrSchema *schema, int value)
{
	return value < schema->vars.n ? schema->vars.list[value].name
		: schema->config_vars.list[value - schema->vars.n].name;
}

/* The column that is a part of the keys, or the attribute's name where there is none. */
static const char *
column_name_of(const BrRelation *rel, int value)
{
	for (int i = 0; i < rel->ncolumns; i++)
	{
		if (rel->columns[i].kind != BR_COLUMN_DROPPED && br_key_part_of(rel, &rel->columns[i]) == value)
			return rel->columns[i].name;
	}
	return br_for_display(br_key_part_name(&rel->schema, value));
}

void
br_key_take_parts(const BrRelation *rel, const BrEncoder *encoders,
				  const Datum *values, const bool *nulls, BrText *texts)
{

	memset(texts, 0, sizeof(BrText) * br_schema_nvalues(&rel->schema));
	for (int i = 0; i < rel->ncolumns; i++)
	{
		int			value = nulls[i] ? -1 : br_key_part_of(rel, &rel->columns[i]);
		BrText		text;

		if (value < 0)
			continue;
		text = br_encode_key(&encoders[i], br_key_part_type(&rel->schema, value), values[i]);
		if (texts[value].ptr != NULL &&
			(texts[value].len != text.len || memcmp(texts[value].ptr, text.ptr, text.len) != 0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("columns \"%s\" and \"%s\" of foreign table \"%s\" contradict each other",
							column_name_of(rel, value), rel->columns[i].name, rel->name),
					 errdetail("Both stand for the same part of the key.")));
		texts[value] = text;
	}
}

static char *
values_for_display(const BrRelation *rel, const BrText *values)
{
	StringInfoData text;

	initStringInfo(&text);
	br_template_describe(&rel->schema.pk, &rel->schema.vars, values, &text);
	if (rel->schema.sk.nparts > 0)
	{
		appendStringInfoString(&text, "\" and \"");
		br_template_describe(&rel->schema.sk, &rel->schema.vars, values, &text);
	}
	return unconstify(char *, br_for_display(text.data));
}

static void
refuse_keys(const BrRelation *rel, BrCompiled compiled, const BrText *values, int value)
{
	if (compiled == BR_COMPILED_UNKNOWN)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("null value in column \"%s\" of foreign table \"%s\"",
						column_name_of(rel, value), rel->name),
				 errdetail("The key of an item is made of it.")));
	if (compiled == BR_COMPILED_CONTRADICTION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("columns \"%s\" and \"%s\" of foreign table \"%s\" contradict each other",
						column_name_of(rel, rel->schema.config_var),
						column_name_of(rel, value), rel->name),
				 errdetail("The configuration is \"%s\".",
						   br_for_display(pnstrdup(values[rel->schema.config_var].ptr,
												   values[rel->schema.config_var].len)))));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("no item of foreign table \"%s\" can have these keys", rel->name),
			 errdetail("They would be \"%s\", which do not give the same values when they are read.",
					   values_for_display(rel, values)),
			 errhint("invocation_type is cold or warm, invocation_number a whole number, and other parts of keys have no # where one ends.")));
}

static void
check_key(const BrRelation *rel, BrType type, size_t max_len, const char *name, BrText key)
{
	if (br_key_value_check(type, max_len, &key))
		return;
	ereport(ERROR,
			(errcode(type == BR_TYPE_N || key.len == 0 ? ERRCODE_INVALID_PARAMETER_VALUE
					 : ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("key \"%s\" of an item of foreign table \"%s\" cannot have this value",
					br_for_display(name), rel->name),
			 type == BR_TYPE_N
			 ? errdetail("A number has at most 38 digits, and an absolute value below 1E126.")
			 : errdetail("It has %zu bytes, and may have 1 to %zu.", key.len, max_len)));
}

/* Of equal keys the texts are equal, too: a number is spelled as the service would. */
static BrValue *
make_value(BrType type, BrText text)
{
	BrValue    *value = palloc(sizeof(BrValue));

	if (type == BR_TYPE_N)
	{
		Datum		number = DirectFunctionCall3(numeric_in, CStringGetDatum(pnstrdup(text.ptr, text.len)),
												 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));

		text.ptr = DatumGetCString(DirectFunctionCall1(numeric_out,
													   DirectFunctionCall1(numeric_trim_scale, number)));
		text.len = strlen(text.ptr);
	}
	*value = (BrValue) {type, text.ptr, text.len};
	return value;
}

/* Values that follow from others are added. */
void
br_key_make(const BrRelation *rel, BrText *values, BrKey *key)
{
	const BrSchema *schema = &rel->schema;
	StringInfoData pk;
	StringInfoData sk;
	int			value;
	BrCompiled	compiled;

	initStringInfo(&pk);
	initStringInfo(&sk);
	compiled = br_schema_compile(schema, values, &pk, &sk, &value);
	if (compiled != BR_COMPILED)
		refuse_keys(rel, compiled, values, value);
	check_key(rel, schema->pk_type, BR_MAX_PK_BYTES, schema->pk_name, (BrText) {pk.data, pk.len});
	if (schema->sk_name != NULL)
		check_key(rel, schema->sk_type, BR_MAX_SK_BYTES, schema->sk_name, (BrText) {sk.data, sk.len});
	*key = (BrKey) {
		.pk_name = schema->pk_name,
		.pk = make_value(schema->pk_type, (BrText) {pk.data, pk.len}),
		.sk_name = schema->sk_name,
		.sk = schema->sk_name != NULL ? make_value(schema->sk_type, (BrText) {sk.data, sk.len}) : NULL
	};
}

/* Does a value of the column stand for just one key? */
static bool
tells_key(const BrColumn *column)
{
	switch (column->type)
	{
		case FLOAT4OID:
		case FLOAT8OID:
		case DATEOID:
			return false;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return column->format == BR_TIME_ISO8601_UTC || column->format == BR_TIME_EPOCH_MS;
		default:
			return true;
	}
}

Bitmapset *
br_key_columns(const BrRelation *rel)
{
	const BrSchema *schema = &rel->schema;
	Bitmapset  *attnums = NULL;

	for (int value = 0; value < schema->vars.n; value++)
	{
		int			found = 0;

		for (int i = 0; i < rel->ncolumns && found == 0; i++)
		{
			if (rel->columns[i].kind != BR_COLUMN_DROPPED &&
				br_key_part_of(rel, &rel->columns[i]) == value && tells_key(&rel->columns[i]))
				found = i + 1;
		}
		if (found == 0)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("rows of foreign table \"%s\" cannot be told apart to be changed", rel->name),
					 errdetail("No column has the exact value of \"%s\", of which the key is made.",
							   br_for_display(br_key_part_name(schema, value))),
					 errhint("Add a column of type text or numeric with the option attribute '%s'.",
							 br_for_display(br_key_part_name(schema, value)))));
		attnums = bms_add_member(attnums, found);
	}
	return attnums;
}
