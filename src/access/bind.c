/*
 * bind.c
 *		Making the requests of a chosen read, once the values are known.
 *
 * Values come in lists: a key is made of each combination of them.  DynamoDB
 * answers a key value it cannot take (an empty string, a number of too many
 * digits) with an error, and a batch that repeats a key as well, where SQL
 * means "no rows" or "once": so keys are looked at before a request is made.
 */
#include "base/br.h"

#include "access/choose.h"
#include "access/filter.h"
#include "access/key.h"

/* What the predicates say about the schema's variables. */
typedef struct Bound
{
	const BrSchema *schema;
	BrPredicates predicates;
	const BrTexts *values;		/* of the predicates */
	bool		display;		/* values only stand for the real ones */
	int			max_keys;
	BrTexts		known[BR_MAX_VARIABLES];	/* n = 0, list NULL: any value */
	bool		is_list[BR_MAX_VARIABLES];	/* known comes from an IN */
	BrText		prefixes[BR_MAX_VARIABLES];
	bool		impossible;		/* no item can have these values */

	/* the combination under way: of the variables that are combined, and of
	 * those with just one value */
	BrText		current[BR_MAX_VARIABLES];
} Bound;

/* Makes use of bound->current. */
typedef void (*UseFn) (Bound *bound, void *arg);

static BrText
text_of(StringInfo buf)
{
	return (BrText) {buf->data, buf->len};
}

/*
 * The values of the first predicate on an attribute.  Further ones need not be
 * looked at: the rows are checked.
 */
static BrTexts
operands(const Bound *bound, const char *attribute, bool prefix, bool *is_list)
{
	for (int i = 0; i < bound->predicates.n; i++)
	{
		const BrPredicate *pred = &bound->predicates.list[i];

		if ((pred->op == BR_PRED_PREFIX) == prefix && pred->op < BR_PRED_GE &&
			strcmp(pred->attribute, attribute) == 0)
		{
			*is_list = pred->op == BR_PRED_IN;
			return bound->values[pred->value];
		}
	}
	*is_list = false;
	return (BrTexts) {0, NULL};
}

static void
collect(Bound *bound, const BrVariables *vars)
{
	for (int i = 0; i < vars->n; i++)
	{
		const char *name = vars->list[i].name;
		BrTexts		prefix = operands(bound, name, true, &bound->is_list[i]);

		bound->prefixes[i] = prefix.n > 0 ? prefix.list[0] : (BrText) {NULL, 0};
		bound->known[i] = operands(bound, name, false, &bound->is_list[i]);
	}
}

static void
set_current(Bound *bound, const bool *used, const int *at)
{
	for (int i = 0; i < bound->schema->vars.n; i++)
	{
		const BrTexts *known = &bound->known[i];

		bound->current[i] = (BrText) {NULL, 0};
		if (used[i])
			bound->current[i] = known->list[at[i]];
		else if (known->n == 1 && !(bound->display && bound->is_list[i]))
			bound->current[i] = known->list[0];
	}
}

/*
 * Walks all combinations of the values of the used variables.  No two of them
 * make the same key, since values are not repeated and templates are bijective.
 */
static bool
combine(Bound *bound, const bool *used, UseFn use, void *arg, BrError *err)
{
	int			n = bound->schema->vars.n;
	int			at[BR_MAX_VARIABLES] = {0};
	double		combinations = 1;
	int			i;

	for (i = 0; i < n; i++)
	{
		if (used[i])
			combinations *= bound->known[i].n;
	}
	if (combinations == 0)
		return true;
	if (combinations > bound->max_keys)
		return br_error(err, BR_ERR_LIMIT,
						"the conditions name %.0f keys, and at most %d are asked for",
						combinations, bound->max_keys);
	do
	{
		set_current(bound, used, at);
		use(bound, arg);

		/* the next combination, as an odometer counts */
		for (i = 0; i < n; i++)
		{
			if (used[i] && ++at[i] < bound->known[i].n)
				break;
			at[i] = 0;
		}
	} while (i < n);
	return true;
}

static void
mark_used(const BrTemplate *template, bool *used)
{
	for (int i = 0; i < template->nparts; i++)
	{
		if (template->parts[i].variable >= 0)
			used[template->parts[i].variable] = true;
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

/* Dimensions: the configuration ids, or how they begin */

static void
add_config(Bound *dimensions, void *arg)
{
	BrTexts    *configs = arg;
	StringInfoData id;

	initStringInfo(&id);
	if (compile(dimensions, &dimensions->schema->pk, &dimensions->schema->vars,
				dimensions->current, &id))
		br_texts_add(configs, text_of(&id));
}

/*
 * The dimensions are combined like a key of their own: that of a schema whose
 * partition key has the configuration's template.
 */
static bool
collect_dimensions(Bound *bound, BrError *err)
{
	int			var = bound->schema->config_var;
	BrSchema	config = {0};
	Bound		dimensions = *bound;
	BrTexts		configs = {0, NULL};
	bool		used[BR_MAX_VARIABLES] = {0};
	bool		unused[BR_MAX_VARIABLES] = {0};
	bool		complete = true;
	bool		any_list = false;
	StringInfoData prefix;

	if (var < 0 || bound->known[var].list != NULL)
		return true;
	config.vars = bound->schema->config_vars;
	config.pk = bound->schema->config;
	dimensions.schema = &config;
	collect(&dimensions, &config.vars);
	mark_used(&config.pk, used);
	for (int i = 0; i < config.vars.n; i++)
	{
		complete &= dimensions.known[i].list != NULL;
		any_list |= dimensions.is_list[i];
	}
	if (complete)
	{
		if (!combine(&dimensions, used, add_config, &configs, err))
			return false;
		bound->known[var] = configs;
		bound->is_list[var] = any_list;
		bound->impossible |= configs.n == 0;
		return true;
	}

	initStringInfo(&prefix);
	set_current(&dimensions, unused, NULL);
	if (!br_template_prefix(&config.pk, &config.vars, dimensions.current,
							dimensions.prefixes, &prefix))
		bound->impossible |= !bound->display;
	else if (prefix.len > (int) bound->prefixes[var].len)
		bound->prefixes[var] = text_of(&prefix);
	return true;
}

/* Conditions */

static BrCondition *
compare(BrConditionOp op, const char *name, BrType type, BrText text)
{
	BrValue    *value = palloc(sizeof(BrValue));
	BrPath		path;

	br_path_of_name(name, &path);
	*value = (BrValue) {type, text.ptr, text.len};
	return br_cond_compare(op, &path, value);
}

/*
 * What a key begins with in the current combination; *cond stays NULL if
 * nothing is known.  False if no key begins so.
 */
static bool
prefix_condition(const Bound *bound, const BrTemplate *template, const char *name,
				 BrType type, size_t max_len, BrCondition **cond)
{
	StringInfoData prefix;

	*cond = NULL;
	if (name == NULL || type != BR_TYPE_S)
		return true;
	initStringInfo(&prefix);
	if (!br_template_prefix(template, &bound->schema->vars, bound->current,
							bound->prefixes, &prefix) && !bound->display)
		return false;
	if ((size_t) prefix.len > max_len)
		return false;
	if (prefix.len > 0)
		*cond = compare(BR_COND_BEGINS_WITH, name, BR_TYPE_S, text_of(&prefix));
	return true;
}

/* The tightest bound of one kind on an attribute of this type; ptr NULL: none. */
static BrText
tightest_bound(const Bound *bound, const char *name, BrType type, BrPredicateOp op)
{
	BrText		tightest = {NULL, 0};

	for (int i = 0; i < bound->predicates.n; i++)
	{
		const BrPredicate *pred = &bound->predicates.list[i];
		BrText		text;
		int			order;

		if (pred->op != op || pred->type != type || strcmp(pred->attribute, name) != 0)
			continue;
		text = bound->values[pred->value].list[0];
		if (text.ptr == NULL)
			continue;			/* infinity */
		order = tightest.ptr == NULL || bound->display ? 0
			: br_text_compare(type, text, tightest);
		if (tightest.ptr == NULL || (op == BR_PRED_GE ? order > 0 : order < 0))
			tightest = text;
	}
	return tightest;
}

/*
 * The interval that an attribute must lie in, as one condition on a sort key,
 * since DynamoDB takes no more; *cond stays NULL if there is none.  Both ends
 * belong to it.  False if it is empty, which DynamoDB would refuse.
 */
static bool
range_condition(const Bound *bound, const char *name, BrType type, size_t max_len,
				BrCondition **cond)
{
	BrText		low = tightest_bound(bound, name, type, BR_PRED_GE);
	BrText		high = tightest_bound(bound, name, type, BR_PRED_LE);
	BrPath		path;
	BrValue		values[2];

	*cond = NULL;
	/* nothing is less than an empty text, and every key is greater */
	if (type == BR_TYPE_S && high.ptr != NULL && high.len == 0)
		return false;
	if (type == BR_TYPE_S && low.ptr != NULL && low.len == 0)
		low.ptr = NULL;
	/* a bound that cannot be sent is left to the check of the rows */
	if (low.ptr != NULL && !bound->display && !br_key_value_check(type, max_len, &low))
		low.ptr = NULL;
	if (high.ptr != NULL && !bound->display && !br_key_value_check(type, max_len, &high))
		high.ptr = NULL;

	if (low.ptr != NULL && high.ptr != NULL)
	{
		if (!bound->display && br_text_compare(type, low, high) > 0)
			return false;
		br_path_of_name(name, &path);
		values[0] = (BrValue) {type, low.ptr, low.len};
		values[1] = (BrValue) {type, high.ptr, high.len};
		*cond = br_cond_between(&path, &values[0], &values[1]);
	}
	else if (low.ptr != NULL)
		*cond = compare(BR_COND_GE, name, type, low);
	else if (high.ptr != NULL)
		*cond = compare(BR_COND_LE, name, type, high);
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
		BrText		text = {*prefix, strlen(*prefix)};

		cond = br_cond_and(cond, br_cond_not(compare(BR_COND_BEGINS_WITH,
													 schema->pk_name, BR_TYPE_S, text)));
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
						  BR_MAX_PK_BYTES, &pk) ||
		!prefix_condition(bound, &schema->sk, schema->sk_name, schema->sk_type,
						  BR_MAX_SK_BYTES, &sk))
		return false;
	if (pk == NULL)
		pk = reserved_condition(schema);
	if (is_key_of(index, schema->pk_name))
		pk = NULL;
	if (sk != NULL && is_key_of(index, schema->sk_name))
		sk = NULL;
	read->filter = br_cond_and(br_cond_and(pk, sk),
							   br_filter_condition(schema, index, read->op,
												   bound->predicates, bound->values));
	return true;
}

/* Reads */

/* What a walk over combinations fills. */
typedef struct Gathering
{
	BrKeyList	keys;			/* full keys */
	const BrIndex *index;		/* of a Query, NULL: the table */
	BrReads    *reads;
	BrRead		blank;			/* what all reads begin as */
} Gathering;

/* Makes a key attribute's value; false if no item can have it. */
static bool
make_key_value(const Bound *bound, const BrTemplate *template, BrType type,
			   size_t max_len, BrText *value)
{
	StringInfoData text;

	initStringInfo(&text);
	if (!compile(bound, template, &bound->schema->vars, bound->current, &text))
		return false;
	*value = text_of(&text);
	return bound->display || br_key_value_check(type, max_len, value);
}

static void
add_full_key(Bound *bound, void *arg)
{
	Gathering  *gathering = arg;
	const BrSchema *schema = bound->schema;
	BrText		pk;
	BrText		sk = {NULL, 0};

	if (make_key_value(bound, &schema->pk, schema->pk_type, BR_MAX_PK_BYTES, &pk) &&
		(schema->sk_name == NULL ||
		 make_key_value(bound, &schema->sk, schema->sk_type, BR_MAX_SK_BYTES, &sk)))
		br_key_list_add(&gathering->keys, pk, sk);
}

/* What the table's sort key begins with, or the interval it lies in. */
static bool
table_sort_condition(const Bound *bound, BrCondition **sort)
{
	const BrSchema *schema = bound->schema;

	if (!prefix_condition(bound, &schema->sk, schema->sk_name, schema->sk_type,
						  BR_MAX_SK_BYTES, sort))
		return false;
	if (*sort != NULL || schema->sk_name == NULL)
		return true;
	return range_condition(bound, schema->sk_name, schema->sk_type, BR_MAX_SK_BYTES, sort);
}

static bool
bind_table_query(const Bound *bound, BrCondition **sort, BrRead *read)
{
	read->filter = br_filter_condition(bound->schema, NULL, BR_OP_QUERY,
									   bound->predicates, bound->values);
	return table_sort_condition(bound, sort);
}

static bool
index_sort_condition(const Bound *bound, const BrIndexInfo *info, BrCondition **sort)
{
	*sort = NULL;
	return info->sk == NULL ||
		range_condition(bound, info->sk, info->sk_type, BR_MAX_SK_BYTES, sort);
}

/* The Query of one partition, of the table or of an index. */
static void
add_partition(Bound *bound, Gathering *gathering, const char *name, BrType type, BrText pk)
{
	BrCondition *sort = NULL;
	BrRead		query = gathering->blank;

	if (gathering->index == NULL
		? !bind_table_query(bound, &sort, &query)
		: !(index_sort_condition(bound, &gathering->index->info, &sort) &&
			bind_filter(bound, gathering->index, &query)))
		return;
	query.key_condition = br_cond_and(compare(BR_COND_EQ, name, type, pk), sort);
	br_reads_add(gathering->reads, &query);
}

static void
add_table_partition(Bound *bound, void *arg)
{
	const BrSchema *schema = bound->schema;
	BrText		pk;

	if (make_key_value(bound, &schema->pk, schema->pk_type, BR_MAX_PK_BYTES, &pk))
		add_partition(bound, arg, schema->pk_name, schema->pk_type, pk);
}

static void
add_index_partition(Bound *bound, void *arg)
{
	Gathering  *gathering = arg;
	const BrIndexInfo *info = &gathering->index->info;
	BrText		pk = bound->current[br_variable_find(&bound->schema->vars, info->pk)];

	if (bound->display || br_key_value_check(info->pk_type, BR_MAX_PK_BYTES, &pk))
		add_partition(bound, gathering, info->pk, info->pk_type, pk);
}

/* An index on an attribute that is in no template. */
static void
add_attribute_partitions(Bound *bound, Gathering *gathering)
{
	const BrIndexInfo *info = &gathering->index->info;
	bool		is_list;
	BrTexts		texts = operands(bound, info->pk, false, &is_list);
	bool		unused[BR_MAX_VARIABLES] = {0};

	set_current(bound, unused, NULL);
	for (int i = 0; i < texts.n; i++)
	{
		BrText		pk = texts.list[i];

		if (bound->display || br_key_value_check(info->pk_type, BR_MAX_PK_BYTES, &pk))
			add_partition(bound, gathering, info->pk, info->pk_type, pk);
	}
}

static void
add_scan(Bound *bound, void *arg)
{
	Gathering  *gathering = arg;
	BrRead		scan = gathering->blank;

	if (bind_filter(bound, NULL, &scan))
		br_reads_add(gathering->reads, &scan);
}

static bool
gather_query(Bound *bound, const BrAccess *access, Gathering *gathering, BrError *err)
{
	const BrSchema *schema = bound->schema;
	bool		used[BR_MAX_VARIABLES] = {0};
	int			var;

	if (access->index < 0)
	{
		mark_used(&schema->pk, used);
		return combine(bound, used, add_table_partition, gathering, err);
	}
	gathering->index = &schema->indexes[access->index];
	gathering->blank.index = gathering->index->info.name;
	var = br_variable_find(&schema->vars, gathering->index->info.pk);
	if (var >= 0)
	{
		used[var] = true;
		return combine(bound, used, add_index_partition, gathering, err);
	}
	add_attribute_partitions(bound, gathering);
	return true;
}

static bool
gather(Bound *bound, const BrAccess *access, Gathering *gathering, BrError *err)
{
	bool		used[BR_MAX_VARIABLES] = {0};

	switch (access->op)
	{
		case BR_OP_GET_ITEM:
		case BR_OP_BATCH_GET_ITEM:
			mark_used(&bound->schema->pk, used);
			mark_used(&bound->schema->sk, used);
			if (!combine(bound, used, add_full_key, gathering, err))
				return false;
			*gathering->reads = br_reads_of_keys(bound->schema, &gathering->keys,
												  &gathering->blank);
			return true;
		case BR_OP_QUERY:
			return gather_query(bound, access, gathering, err);
		default:
			return combine(bound, used, add_scan, gathering, err);
	}
}

static bool
bind(Bound *bound, const BrAccess *access, BrReads *reads, BrError *err)
{
	Gathering	gathering = {.reads = reads};

	reads->n = 0;
	reads->list = NULL;
	collect(bound, &bound->schema->vars);
	if (!collect_dimensions(bound, err))
		return false;
	if (bound->impossible)
		return true;
	gathering.blank.op = access->op;
	gathering.blank.table = bound->schema->table;
	return gather(bound, access, &gathering, err);
}

bool
br_bind(const BrSchema *schema, const BrAccess *access, BrPredicates predicates,
		const BrTexts *values, int max_keys, BrReads *reads, BrError *err)
{
	Bound		bound = {
		.schema = schema, .predicates = predicates, .max_keys = max_keys
	};
	BrTexts    *distinct;
	int			nvalues = 0;

	reads->n = 0;
	for (int i = 0; i < predicates.n; i++)
		nvalues = Max(nvalues, predicates.list[i].value + 1);
	distinct = palloc(sizeof(BrTexts) * Max(nvalues, 1));
	for (int i = 0; i < predicates.n; i++)
	{
		const BrPredicate *pred = &predicates.list[i];

		if (values[pred->value].n == 0)
			return true;
		distinct[pred->value] = pred->op == BR_PRED_EQ || pred->op == BR_PRED_IN
			? br_texts_distinct(pred->type, values[pred->value]) : values[pred->value];
	}
	bound.values = distinct;
	return bind(&bound, access, reads, err);
}

void
br_bind_for_display(const BrSchema *schema, const BrAccess *access,
					BrPredicates predicates, const BrTexts *values, BrRead *read)
{
	Bound		bound = {
		.schema = schema, .predicates = predicates, .values = values,
		.display = true, .max_keys = 1
	};
	BrReads		reads;
	BrError		err;

	memset(read, 0, sizeof(*read));
	read->op = access->op;
	read->table = schema->table;
	if (bind(&bound, access, &reads, &err) && reads.n > 0)
		*read = reads.list[0];
	read->op = access->op;
}
