/*
 * plan_units.c
 *		bench_read_units(): requests and read units of a query, by its EXPLAIN.
 */
#include "base/br.h"

#include <ctype.h>

#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "functions/plan_units.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(bench_read_units);

static JsonbValue *
property(BrPlanNode *node, const char *name)
{
	return getKeyJsonValueFromContainer(node, name, strlen(name), NULL);
}

/* The plan in what EXPLAIN says; NULL if it says none, or several. */
static BrPlanNode *
plan_in(const Jsonb *explained)
{
	JsonbContainer *queries = unconstify(JsonbContainer *, &explained->root);
	JsonbValue *query;
	JsonbValue *plan;

	if (!JsonContainerIsArray(queries) || JsonContainerSize(queries) != 1)
		return NULL;
	query = getIthJsonbValueFromContainer(queries, 0);
	if (query->type != jbvBinary || !JsonContainerIsObject(query->val.binary.data))
		return NULL;
	plan = property(query->val.binary.data, "Plan");
	return plan != NULL && plan->type == jbvBinary ? plan->val.binary.data : NULL;
}

BrPlanNode *
br_plan_of(const char *query)
{
	/* a cursor takes one statement, so that nothing is hidden behind the query */
	Portal		portal = SPI_cursor_open_with_args(NULL, psprintf("EXPLAIN (FORMAT JSON) %s", query),
												   0, NULL, NULL, NULL, false, 0);
	char	   *text;
	BrPlanNode *plan;

	SPI_cursor_fetch(portal, true, 1);
	if (SPI_processed != 1)
		elog(ERROR, "EXPLAIN has no result");
	text = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	plan = plan_in(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text))));
	SPI_cursor_close(portal);
	if (plan == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("EXPLAIN of the query has no plan, or several"),
				 errdetail("A rule may make nothing or several queries of one, and CREATE TABLE IF NOT EXISTS does nothing where the table exists."),
				 errhint("Ask for the SELECT alone.")));
	return plan;
}

static char *
string_of(const JsonbValue *value)
{
	return value != NULL && value->type == jbvString
		? pnstrdup(value->val.string.val, value->val.string.len) : NULL;
}

char *
br_plan_text(BrPlanNode *node, const char *name)
{
	return string_of(property(node, name));
}

double
br_plan_number(BrPlanNode *node, const char *name)
{
	JsonbValue *value = property(node, name);

	if (value == NULL || value->type != jbvNumeric)
		return 0;
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8,
											  NumericGetDatum(value->val.numeric)));
}

/* The elements of an array that a node has, of JsonbValue. */
static List *
elements(BrPlanNode *node, const char *name)
{
	JsonbValue *array = property(node, name);
	List	   *list = NIL;

	if (array == NULL || array->type != jbvBinary)
		return NIL;
	for (uint32 i = 0; i < JsonContainerSize(array->val.binary.data); i++)
		list = lappend(list, getIthJsonbValueFromContainer(array->val.binary.data, i));
	return list;
}

List *
br_plan_texts(BrPlanNode *node, const char *name)
{
	List	   *texts = NIL;
	ListCell   *lc;

	foreach(lc, elements(node, name))
		texts = lappend(texts, string_of(lfirst(lc)));
	return texts;
}

List *
br_plan_children(BrPlanNode *node)
{
	List	   *children = NIL;
	ListCell   *lc;

	foreach(lc, elements(node, "Plans"))
		children = lappend(children, ((JsonbValue *) lfirst(lc))->val.binary.data);
	return children;
}

static bool
text_is(BrPlanNode *node, const char *name, const char *text)
{
	const char *value = br_plan_text(node, name);

	return value != NULL && strcmp(value, text) == 0;
}

static double
rows_of(BrPlanNode *node)
{
	return Max(br_plan_number(node, "Plan Rows"), 1);
}

static double
outer_rows(BrPlanNode *join)
{
	ListCell   *lc;

	foreach(lc, br_plan_children(join))
	{
		if (text_is(lfirst(lc), "Parent Relationship", "Outer"))
			return rows_of(lfirst(lc));
	}
	return 1;
}

/* A subquery that is made once, into a hash table, is named so where it is used. */
static bool
is_hashed(BrPlanNode *parent, BrPlanNode *subplan)
{
	char	   *mark = psprintf("hashed %s", br_plan_text(subplan, "Subplan Name"));
	JsonbIterator *it = JsonbIteratorInit(parent);
	JsonbIteratorToken token;
	JsonbValue	value;

	/* the first token is the node itself */
	for (token = JsonbIteratorNext(&it, &value, false); token != WJB_DONE;
		 token = JsonbIteratorNext(&it, &value, true))
	{
		const char *text = token == WJB_VALUE ? string_of(&value) : NULL;
		const char *at = text != NULL ? strstr(text, mark) : NULL;

		/* SubPlan 1 is not SubPlan 10 */
		if (at != NULL && !isdigit((unsigned char) at[strlen(mark)]))
			return true;
	}
	return false;
}

/*
 * How often a node is executed for each execution of its parent: the inner side
 * of a nested loop for each row of the outer one, a subquery that depends on the
 * row for each row.
 */
static double
times_of(BrPlanNode *parent, BrPlanNode *child)
{
	if (text_is(child, "Parent Relationship", "Inner") &&
		text_is(parent, "Node Type", "Nested Loop") &&
		!text_is(child, "Node Type", "Materialize"))
		return outer_rows(parent);
	if (text_is(child, "Parent Relationship", "SubPlan") && !is_hashed(parent, child))
		return rows_of(parent);
	return 1;
}

static void
add_units(BrPlanNode *node, double times, BrUnits *units)
{
	ListCell   *lc;

	units->requests += times * br_plan_number(node, "Estimated Requests");
	units->read_units += times * br_plan_number(node, "Estimated Read Units");
	foreach(lc, br_plan_children(node))
		add_units(lfirst(lc), times * times_of(node, lfirst(lc)), units);
}

BrUnits
br_plan_units(BrPlanNode *plan)
{
	BrUnits		units = {0, 0};

	add_units(plan, 1, &units);
	return units;
}

/* bench_read_units(query text) -> requests, read_units */
Datum
bench_read_units(PG_FUNCTION_ARGS)
{
	char	   *query = text_to_cstring(PG_GETARG_TEXT_PP(0));
	TupleDesc	desc;
	BrUnits		units;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	units = br_plan_units(br_plan_of(query));
	SPI_finish();
	values[0] = Int64GetDatum((int64) units.requests);
	values[1] = Float8GetDatum(units.read_units);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
