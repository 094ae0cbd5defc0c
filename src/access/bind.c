/*
 * bind.c
 *		Making the request of a chosen read, once the values are known.
 *
 * DynamoDB answers a key value it cannot take (an empty string, a number of
 * too many digits) with an error, where SQL means "no rows": so values are
 * looked at before a request is made.
 */
#include "base/br.h"

#include "access/choose.h"

#define MAX_PK_BYTES	2048
#define MAX_SK_BYTES	1024
#define MAX_DIGITS		38

/* What the predicates say about the schema's variables. */
typedef struct Bound
{
	const BrSchema *schema;
	BrPredicates predicates;
	const BrText *values;		/* of the predicates */
	bool		display;		/* values only stand for the real ones */
	BrText		known[BR_MAX_VARIABLES];
	BrText		prefixes[BR_MAX_VARIABLES];
} Bound;

static BrText
text_of(StringInfo buf)
{
	return (BrText) {buf->data, buf->len};
}

/*
 * The value of the first predicate of this kind on an attribute; ptr NULL if
 * there is none.  Further ones need not be looked at: the rows are checked.
 */
static BrText
operand(const Bound *bound, const char *attribute, BrPredicateOp op)
{
	for (int i = 0; i < bound->predicates.n; i++)
	{
		const BrPredicate *pred = &bound->predicates.list[i];

		if (pred->op == op && strcmp(pred->attribute, attribute) == 0)
			return bound->values[pred->value];
	}
	return (BrText) {NULL, 0};
}

static void
collect(Bound *bound, const BrVariables *vars, BrText *known, BrText *prefixes)
{
	for (int i = 0; i < vars->n; i++)
	{
		known[i] = operand(bound, vars->list[i].name, BR_PRED_EQ);
		prefixes[i] = operand(bound, vars->list[i].name, BR_PRED_PREFIX);
	}
}

static bool
compile(const Bound *bound, const BrTemplate *template, const BrVariables *vars,
		const BrText *values, StringInfo out)
{
	if (!bound->display)
		return br_template_compile(template, vars, values, out);
	br_template_describe(template, vars, values, out);
	return true;
}

/* What the dimensions say about the configuration id. */
static bool
collect_dimensions(Bound *bound)
{
	const BrSchema *schema = bound->schema;
	int			var = schema->config_var;
	BrText		known[BR_MAX_VARIABLES];
	BrText		prefixes[BR_MAX_VARIABLES];
	bool		is_known[BR_MAX_VARIABLES];
	StringInfoData text;

	if (var < 0 || bound->known[var].ptr != NULL)
		return true;
	collect(bound, &schema->config_vars, known, prefixes);
	for (int i = 0; i < schema->config_vars.n; i++)
		is_known[i] = known[i].ptr != NULL;

	initStringInfo(&text);
	if (br_template_is_complete(&schema->config, is_known))
	{
		if (!compile(bound, &schema->config, &schema->config_vars, known, &text))
			return false;
		bound->known[var] = text_of(&text);
	}
	else
	{
		if (!br_template_prefix(&schema->config, &schema->config_vars,
								known, prefixes, &text))
			return bound->display;
		if (text.len > (int) bound->prefixes[var].len)
			bound->prefixes[var] = text_of(&text);
	}
	return true;
}

/* At most 38 significant digits and a magnitude below 1e126. */
static bool
is_sendable_number(BrText value)
{
	int			digits = 0;
	int			zeros = 0;		/* at the end, of the digits counted */
	bool		leading = true;

	for (size_t i = 0; i < value.len; i++)
	{
		char		c = value.ptr[i];

		if (c == 'e' || c == 'E' || c == 'N' || c == 'I')
			return false;		/* no exponent, NaN or infinity in a key */
		if (c < '0' || c > '9' || (leading && c == '0'))
			continue;
		leading = false;
		digits++;
		zeros = c == '0' ? zeros + 1 : 0;
	}
	return value.len <= 120 && digits - zeros <= MAX_DIGITS;
}

static bool
key_value(const Bound *bound, BrType type, BrText text, size_t max_len, BrValue **value)
{
	if (!bound->display)
	{
		if (type == BR_TYPE_N ? !is_sendable_number(text)
			: (text.len == 0 || text.len > max_len))
			return false;
	}
	*value = palloc(sizeof(BrValue));
	**value = (BrValue) {type, text.ptr, text.len};
	return true;
}

static BrPath
path_of(const char *name)
{
	BrPath		path;

	br_path_of_name(name, &path);
	return path;
}

static BrCondition *
compare(BrConditionOp op, const char *name, const BrValue *value)
{
	BrPath		path = path_of(name);

	return br_cond_compare(op, &path, value);
}

/* pk's value from its template. */
static bool
bind_pk(const Bound *bound, BrValue **value)
{
	StringInfoData text;

	initStringInfo(&text);
	return compile(bound, &bound->schema->pk, &bound->schema->vars,
				   bound->known, &text) &&
		key_value(bound, bound->schema->pk_type, text_of(&text), MAX_PK_BYTES, value);
}

static bool
bind_get_item(const Bound *bound, BrRead *read)
{
	const BrSchema *schema = bound->schema;
	BrKey	   *key = palloc0(sizeof(BrKey));
	BrValue    *pk;

	if (!bind_pk(bound, &pk))
		return false;
	key->pk_name = schema->pk_name;
	key->pk = pk;
	if (schema->sk_name != NULL)
	{
		StringInfoData text;
		BrValue    *sk;

		initStringInfo(&text);
		if (!compile(bound, &schema->sk, &schema->vars, bound->known, &text) ||
			!key_value(bound, schema->sk_type, text_of(&text), MAX_SK_BYTES, &sk))
			return false;
		key->sk_name = schema->sk_name;
		key->sk = sk;
	}
	read->nkeys = 1;
	read->keys = key;
	return true;
}

/* What a key begins with; *cond stays NULL if nothing is known. */
static bool
prefix_condition(const Bound *bound, const BrTemplate *template, const char *name,
				 BrType type, size_t max_len, BrCondition **cond)
{
	StringInfoData prefix;
	BrValue    *value;

	*cond = NULL;
	if (name == NULL || type != BR_TYPE_S)
		return true;
	initStringInfo(&prefix);
	if (!br_template_prefix(template, &bound->schema->vars, bound->known,
							bound->prefixes, &prefix) && !bound->display)
		return false;
	if (prefix.len == 0)
		return true;
	if (!key_value(bound, BR_TYPE_S, text_of(&prefix), max_len, &value))
		return false;
	*cond = compare(BR_COND_BEGINS_WITH, name, value);
	return true;
}

static bool
bind_query(const Bound *bound, BrRead *read)
{
	const BrSchema *schema = bound->schema;
	BrCondition *sort;
	BrValue    *pk;

	if (!bind_pk(bound, &pk) ||
		!prefix_condition(bound, &schema->sk, schema->sk_name, schema->sk_type,
						  MAX_SK_BYTES, &sort))
		return false;
	read->key_condition = br_cond_and(compare(BR_COND_EQ, schema->pk_name, pk), sort);
	return true;
}

/* pk belongs to no other entity. */
static BrCondition *
reserved_condition(const BrSchema *schema)
{
	BrCondition *cond = NULL;

	if (schema->reserved == NULL)
		return NULL;
	for (const char *const *prefix = schema->reserved; *prefix != NULL; prefix++)
	{
		BrValue    *value = palloc(sizeof(BrValue));

		*value = (BrValue) {BR_TYPE_S, *prefix, strlen(*prefix)};
		cond = br_cond_and(cond,
						   br_cond_not(compare(BR_COND_BEGINS_WITH,
											   schema->pk_name, value)));
	}
	return cond;
}

static bool
is_key_of(const BrIndex *index, const char *name)
{
	return index != NULL &&
		(strcmp(index->info.pk, name) == 0 ||
		 (index->info.sk != NULL && strcmp(index->info.sk, name) == 0));
}

/*
 * Tells this schema's items from their siblings by the primary key, where that
 * may stand in a filter: in a Scan and in the Query of an index whose own key
 * it is not.
 */
static bool
bind_filter(const Bound *bound, const BrIndex *index, BrRead *read)
{
	const BrSchema *schema = bound->schema;
	BrCondition *pk;
	BrCondition *sk;

	if (!prefix_condition(bound, &schema->pk, schema->pk_name, schema->pk_type,
						  MAX_PK_BYTES, &pk) ||
		!prefix_condition(bound, &schema->sk, schema->sk_name, schema->sk_type,
						  MAX_SK_BYTES, &sk))
		return false;
	if (pk == NULL)
		pk = reserved_condition(schema);
	if (is_key_of(index, schema->pk_name))
		pk = NULL;
	if (sk != NULL && is_key_of(index, schema->sk_name))
		sk = NULL;
	read->filter = br_cond_and(pk, sk);
	return true;
}

static bool
bind_index_query(const Bound *bound, const BrIndex *index, BrRead *read)
{
	int			var = br_variable_find(&bound->schema->vars, index->info.pk);
	BrText		text = var >= 0 ? bound->known[var]
		: operand(bound, index->info.pk, BR_PRED_EQ);
	BrValue    *pk;

	if (!key_value(bound, index->info.pk_type, text, MAX_PK_BYTES, &pk))
		return false;
	read->index = index->info.name;
	read->key_condition = compare(BR_COND_EQ, index->info.pk, pk);
	return bind_filter(bound, index, read);
}

static bool
bind(Bound *bound, const BrAccess *access, BrRead *read)
{
	const BrSchema *schema = bound->schema;

	memset(read, 0, sizeof(*read));
	read->op = access->op;
	read->table = schema->table;
	collect(bound, &schema->vars, bound->known, bound->prefixes);
	if (!collect_dimensions(bound))
		return false;

	if (access->op == BR_OP_GET_ITEM)
		return bind_get_item(bound, read);
	if (access->op == BR_OP_SCAN)
		return bind_filter(bound, NULL, read);
	if (access->index < 0)
		return bind_query(bound, read);
	return bind_index_query(bound, &schema->indexes[access->index], read);
}

bool
br_bind(const BrSchema *schema, const BrAccess *access, BrPredicates predicates,
		const BrText *values, BrRead *read)
{
	Bound		bound = {.schema = schema, .predicates = predicates, .values = values};

	return bind(&bound, access, read);
}

void
br_bind_for_display(const BrSchema *schema, const BrAccess *access,
					BrPredicates predicates, const BrText *values, BrRead *read)
{
	Bound		bound = {
		.schema = schema, .predicates = predicates, .values = values,
		.display = true
	};

	bind(&bound, access, read);
}
