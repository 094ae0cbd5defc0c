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

#include "access/bound.h"
#include "access/key.h"

/* Makes use of bound->current. */
typedef void (*UseFn) (BrBound *bound, void *arg);

/*
 * The values that an attribute can have, if a predicate says so: those in all of
 * its lists.  Values of another type than the one given (ABSENT: any) are no
 * matter of the key.  list is NULL where every value is possible.
 */
BrTexts
br_bound_values(const BrBound *bound, const char *attribute, BrType type, bool *is_list)
{
	BrTexts		common = {0, NULL};

	*is_list = false;
	br_foreach_predicate(pred, bound->predicates)
	{
		if (!br_predicate_is_equality(pred) || strcmp(pred->attribute, attribute) != 0 ||
			(type != BR_TYPE_ABSENT && pred->type != type))
			continue;
		if (common.list == NULL)
		{
			common = bound->values[pred->value];
			*is_list = pred->op == BR_PRED_IN;
		}
		else if (!bound->display)
			common = br_texts_intersect(common, bound->values[pred->value]);
		else if (*is_list)
		{
			common = bound->values[pred->value];
			*is_list = pred->op == BR_PRED_IN;
		}
	}
	return common;
}

/* What the values of an attribute begin with; ptr NULL: anything. */
BrText
br_bound_prefix(const BrBound *bound, const char *attribute)
{
	BrText		longest = {NULL, 0};

	br_foreach_predicate(pred, bound->predicates)
	{
		if (pred->op != BR_PRED_PREFIX || strcmp(pred->attribute, attribute) != 0)
			continue;
		if (longest.ptr == NULL || bound->values[pred->value].list[0].len > longest.len)
			longest = bound->values[pred->value].list[0];
	}
	return longest;
}

static void
collect(BrBound *bound, const BrVariables *vars)
{
	for (int i = 0; i < vars->n; i++)
	{
		const char *name = vars->list[i].name;

		bound->prefixes[i] = br_bound_prefix(bound, name);
		bound->known[i] = br_bound_values(bound, name, BR_TYPE_ABSENT, &bound->is_list[i]);
		bound->impossible |= bound->known[i].list != NULL && bound->known[i].n == 0;
	}
}

static void
set_current(BrBound *bound, const bool *used, const int *at)
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
combine(BrBound *bound, const bool *used, UseFn use, void *arg, BrError *err)
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
compile(const BrBound *bound, const BrTemplate *template, const BrVariables *vars,
		const BrText *values, StringInfo out)
{
	if (!bound->display)
		return br_template_compile(template, vars, values, out);
	br_template_describe(template, vars, values, out);
	return true;
}

/* Dimensions: the configuration ids, or how they begin */

static void
add_config(BrBound *dimensions, void *arg)
{
	BrTexts    *configs = arg;
	StringInfoData id;

	initStringInfo(&id);
	if (compile(dimensions, &dimensions->schema->pk, &dimensions->schema->vars,
				dimensions->current, &id))
		br_texts_add(configs, br_text_of(&id));
}

/*
 * The dimensions are combined like a key of their own: that of a schema whose
 * partition key has the configuration's template.
 */
static bool
collect_dimensions(BrBound *bound, BrError *err)
{
	int			var = bound->schema->config_var;
	BrSchema	config = {0};
	BrBound		dimensions = *bound;
	BrTexts		configs = {0, NULL};
	bool		used[BR_MAX_VARIABLES] = {0};
	bool		unused[BR_MAX_VARIABLES] = {0};
	bool		complete = true;
	bool		any_known = false;
	bool		any_list = false;
	StringInfoData prefix;

	if (var < 0 || bound->known[var].list != NULL)
		return true;
	config.vars = bound->schema->config_vars;
	config.pk = bound->schema->config;
	dimensions.schema = &config;
	collect(&dimensions, &config.vars);
	bound->impossible |= dimensions.impossible;
	mark_used(&config.pk, used);
	for (int i = 0; i < config.vars.n; i++)
	{
		complete &= dimensions.known[i].list != NULL;
		any_known |= dimensions.known[i].list != NULL || dimensions.prefixes[i].ptr != NULL;
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

	/* of no dimension nothing follows, unless all configurations have this form */
	if (!any_known && !bound->schema->config_required)
		return true;
	initStringInfo(&prefix);
	set_current(&dimensions, unused, NULL);
	if (!br_template_prefix(&config.pk, &config.vars, dimensions.current,
							dimensions.prefixes, &prefix))
		bound->impossible |= !bound->display;
	else if (prefix.len > (int) bound->prefixes[var].len)
		bound->prefixes[var] = br_text_of(&prefix);
	return true;
}

/* Reads */

/* What a walk over combinations fills. */
typedef struct Gathering
{
	BrKeyList	keys;			/* full keys */
	const BrIndex *index;		/* of a Query or Scan, NULL: the table */
	BrReads    *reads;
	BrRead		blank;			/* what all reads begin as */
} Gathering;

/* Makes a key attribute's value; false if no item can have it. */
static bool
make_key_value(const BrBound *bound, const BrTemplate *template, BrType type,
			   size_t max_len, BrText *value)
{
	StringInfoData text;

	initStringInfo(&text);
	if (!compile(bound, template, &bound->schema->vars, bound->current, &text))
		return false;
	*value = br_text_of(&text);
	return bound->display || br_key_value_check(type, max_len, value);
}

static void
add_full_key(BrBound *bound, void *arg)
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

/* The Query of one partition, of the table or of an index. */
static void
add_partition(BrBound *bound, Gathering *gathering, const char *name, BrType type, BrText pk)
{
	BrCondition *sort = NULL;
	BrRead		query = gathering->blank;

	if (gathering->index == NULL
		? !br_bound_table_query(bound, &sort, &query)
		: !br_bound_index_query(bound, gathering->index, &sort, &query))
		return;
	query.key_condition = br_cond_and(br_bound_equality(name, type, pk), sort);
	br_reads_add(gathering->reads, &query);
}

static void
add_table_partition(BrBound *bound, void *arg)
{
	const BrSchema *schema = bound->schema;
	BrText		pk;

	if (make_key_value(bound, &schema->pk, schema->pk_type, BR_MAX_PK_BYTES, &pk) &&
		!br_schema_reserves(schema, pk))
		add_partition(bound, arg, schema->pk_name, schema->pk_type, pk);
}

static void
add_index_partition(BrBound *bound, void *arg)
{
	Gathering  *gathering = arg;
	const BrIndexInfo *info = &gathering->index->info;
	BrText		pk = bound->current[br_variable_find(&bound->schema->vars, info->pk)];

	if (bound->display || br_key_value_check(info->pk_type, BR_MAX_PK_BYTES, &pk))
		add_partition(bound, gathering, info->pk, info->pk_type, pk);
}

/* An index on an attribute that is in no template. */
static void
add_attribute_partitions(BrBound *bound, Gathering *gathering)
{
	const BrIndexInfo *info = &gathering->index->info;
	bool		is_list;
	BrTexts		texts = br_bound_values(bound, info->pk, info->pk_type, &is_list);
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
add_scan(BrBound *bound, void *arg)
{
	Gathering  *gathering = arg;
	BrRead		scan = gathering->blank;

	if (br_bound_filter(bound, gathering->index, &scan))
		br_reads_add(gathering->reads, &scan);
}

static bool
gather_query(BrBound *bound, const BrAccess *access, Gathering *gathering, BrError *err)
{
	const BrSchema *schema = bound->schema;
	bool		used[BR_MAX_VARIABLES] = {0};
	int			var;

	if (access->index < 0)
	{
		mark_used(&schema->pk, used);
		return combine(bound, used, add_table_partition, gathering, err);
	}
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
gather(BrBound *bound, const BrAccess *access, Gathering *gathering, BrError *err)
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
bind(BrBound *bound, const BrAccess *access, BrReads *reads, BrError *err)
{
	Gathering	gathering = {.reads = reads};

	*reads = (BrReads) {0, NULL};
	collect(bound, &bound->schema->vars);
	if (!collect_dimensions(bound, err))
		return false;
	if (bound->impossible)
		return true;
	gathering.blank.op = access->op;
	gathering.blank.table = bound->schema->table;
	if (access->index >= 0)
	{
		gathering.index = &bound->schema->indexes[access->index];
		gathering.blank.index = gathering.index->info.name;
	}
	if (!gather(bound, access, &gathering, err))
		return false;
	reads->curtailed = bound->curtailed;
	return true;
}

bool
br_bind(const BrSchema *schema, const BrAccess *access, BrPredicates predicates,
		const BrTexts *values, int max_keys, BrReads *reads, BrError *err)
{
	BrBound		bound = {
		.schema = schema, .predicates = predicates, .max_keys = max_keys
	};
	BrTexts    *distinct;
	int			nvalues = 0;

	*reads = (BrReads) {0, NULL};
	for (int i = 0; i < predicates.n; i++)
		nvalues = Max(nvalues, predicates.list[i].value + 1);
	distinct = palloc(sizeof(BrTexts) * Max(nvalues, 1));
	for (int i = 0; i < predicates.n; i++)
	{
		const BrPredicate *pred = &predicates.list[i];

		if (pred->value < 0)
			continue;
		distinct[pred->value] = br_predicate_is_equality(pred)
			? br_texts_distinct(pred->type, values[pred->value]) : values[pred->value];
	}
	/* what is compared with NULL is never true */
	br_foreach_predicate(pred, predicates)
	{
		if (pred->value >= 0 && pred->op != BR_PRED_NOT_IN && distinct[pred->value].n == 0)
			return true;
	}
	bound.values = distinct;
	return bind(&bound, access, reads, err);
}

void
br_bind_for_display(const BrSchema *schema, const BrAccess *access,
					BrPredicates predicates, const BrTexts *values, BrRead *read)
{
	BrBound		bound = {
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
