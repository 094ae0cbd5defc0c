/*
 * explain.c
 *		The request behind a scan, in the words of DynamoDB.
 *
 * Values that are known only at execution are shown as the expressions they
 * come from, in braces.
 */
#include "base/br.h"

#include "access/pair.h"
#include "dynamodb/request.h"
#include "fdw/convert.h"
#include "fdw/encoding.h"
#include "fdw/explain.h"
#include "fdw/guard.h"
#include "fdw/join.h"
#include "fdw/joinscan.h"
#include "fdw/plan.h"
#include "fdw/scan.h"
#include "fdw/spool.h"
#include "fdw/value.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

/* A constant as it is, anything else as {expression}. */
static BrTexts
value_for_display(BrValueType *type, Node *expr, List *context)
{
	BrText	   *list = palloc(sizeof(BrText));
	char	   *text;

	if (IsA(expr, Const) && !((Const *) expr)->constisnull)
	{
		Oid			output;
		bool		is_varlena;

		if (!type->is_array)
			return br_value_texts(type, ((Const *) expr)->constvalue);
		getTypeOutputInfo(((Const *) expr)->consttype, &output, &is_varlena);
		text = pstrdup(br_to_utf8(OidOutputFunctionCall(output, ((Const *) expr)->constvalue)));
	}
	else
		text = psprintf("{%s}", br_to_utf8(deparse_expression(expr, context, false, false)));
	*list = (BrText) {text, strlen(text)};
	return (BrTexts) {1, list};
}

static BrTexts *
values_for_display(const BrRelation *rel, BrPredicates predicates, List *exprs,
				   ForeignScan *plan, ExplainState *es)
{
	BrValueType *types = br_value_types(rel, predicates, exprs);
	BrTexts    *values = palloc0(sizeof(BrTexts) * Max(list_length(exprs), 1));
	List	   *context = set_deparse_context_plan(es->deparse_cxt, &plan->scan.plan, NIL);
	ListCell   *lc;

	foreach(lc, exprs)
		values[foreach_current_index(lc)] =
			value_for_display(&types[foreach_current_index(lc)], lfirst(lc), context);
	return values;
}

static void
append_equality(StringInfo out, const char *name, const BrValue *value)
{
	BrPath		path;

	br_path_of_name(name, &path);
	br_condition_append_text(out, br_cond_compare(BR_COND_EQ, &path, value));
}

static void
explain_key_condition(const BrRead *read, ExplainState *es)
{
	StringInfoData text;

	initStringInfo(&text);
	if (read->key_condition != NULL)
		br_condition_append_text(&text, read->key_condition);
	else if (read->nkeys > 0)
	{
		append_equality(&text, read->keys[0].pk_name, read->keys[0].pk);
		if (read->keys[0].sk != NULL)
		{
			appendStringInfoString(&text, " AND ");
			append_equality(&text, read->keys[0].sk_name, read->keys[0].sk);
		}
	}
	if (text.len > 0)
		ExplainPropertyText("Key Condition", br_for_display(text.data), es);
}

static void
explain_filter(const BrRead *read, ExplainState *es)
{
	StringInfoData text;

	if (read->filter == NULL)
		return;
	initStringInfo(&text);
	br_condition_append_text(&text, read->filter);
	ExplainPropertyText("DynamoDB Filter", br_for_display(text.data), es);
}

/* Which columns the index lacks, so that the items are read from the table. */
static void
explain_fetch(const BrRelation *rel, const BrPlan *plan, ExplainState *es)
{
	static const char *const ways[] = {
		[BR_FETCH_KEYS] = "key",
		[BR_FETCH_PARTITIONS] = "partition",
		[BR_FETCH_BY_SERVICE] = "service"
	};
	const BrIndex *index = &rel->schema.indexes[plan->access.index];
	List	   *lacking = NIL;
	int			attnum = -1;

	while ((attnum = bms_next_member(plan->attnums, attnum)) >= 0)
	{
		const BrColumn *column = br_relation_column(rel, attnum);
		bool		projected = column->kind != BR_COLUMN_ITEM;

		for (int i = 0; i < column->paths.npaths && column->kind == BR_COLUMN_ATTRIBUTE; i++)
			projected &= br_index_projects(&rel->schema, index,
										   column->paths.paths[i].steps[0].name);
		if (!projected)
			lacking = lappend(lacking, unconstify(char *, column->name));
	}
	ExplainPropertyList("Fetch Back", lacking, es);
	ExplainPropertyText("Fetch By", ways[plan->access.fetch], es);
	if (es->costs)
	{
		ExplainPropertyFloat("Fetch Requests", NULL, plan->cost.fetch_requests, 0, es);
		ExplainPropertyFloat("Fetch Read Units", NULL, plan->cost.fetch_units, 1, es);
	}
}

/* Which way the sort key is read, and what is done beyond that. */
static void
explain_order(const BrRelation *rel, const BrPlan *plan, ExplainState *es)
{
	ExplainPropertyText("Order",
						psprintf("%s%s%s", plan->backward ? "backward" : "forward",
								 plan->merged ? ", partitions merged" : "",
								 br_sorts_seconds(rel, plan->order)
								 ? ", sorted within each second" : ""), es);
}

static void
explain_projection(const BrConverter *converter, ExplainState *es)
{
	int			npaths;
	const BrPath *paths = br_converter_projection(converter, &npaths);
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < npaths; i++)
	{
		if (i > 0)
			appendStringInfoString(&text, ", ");
		br_path_append(&text, &paths[i]);
	}
	ExplainPropertyText("Projection", npaths > 0 ? br_for_display(text.data) : "all attributes", es);
}

static void
explain_counters(const BrCounters *counters, ExplainState *es)
{
	ExplainPropertyInteger("Requests", NULL, counters->requests, es);
	ExplainPropertyInteger("Pages", NULL, counters->pages, es);
	ExplainPropertyInteger("Items Scanned", NULL, counters->items_scanned, es);
	ExplainPropertyInteger("Items Returned", NULL, counters->items_returned, es);
	if (counters->retries > 0 || es->format != EXPLAIN_FORMAT_TEXT)
		ExplainPropertyInteger("Retries", NULL, counters->retries, es);
	if (counters->throttles > 0 || es->format != EXPLAIN_FORMAT_TEXT)
		ExplainPropertyInteger("Throttles", NULL, counters->throttles, es);
	ExplainPropertyInteger("Bytes Received", NULL, counters->bytes_received, es);
	ExplainPropertyFloat("Consumed Capacity", NULL, counters->capacity, 1, es);
}

static void
explain_cost(const BrCost *cost, const BrCounters *counters, ExplainState *es)
{
	if (es->costs)
	{
		ExplainPropertyFloat("Estimated Requests", NULL, cost->requests, 0, es);
		ExplainPropertyFloat("Estimated Read Units", NULL, cost->units, 1, es);
	}
	if (es->analyze && counters != NULL)
		explain_counters(counters, es);
}

/* What decides about a match before the rows are there to be filtered. */
static void
explain_matching(ForeignScan *scan, const BrJoinPlan *plan, ExplainState *es)
{
	List	   *context = set_deparse_context_plan(es->deparse_cxt, &scan->scan.plan, NIL);
	List	   *matching = list_copy_tail(scan->fdw_exprs, plan->nvalues);

	if (matching != NIL)
		ExplainPropertyText("Join Filter",
							deparse_expression((Node *) make_ands_explicit(matching),
											   context, true, false), es);
}

static void
explain_join(ForeignScanState *node, ExplainState *es)
{
	ForeignScan *scan = (ForeignScan *) node->ss.ps.plan;
	BrRelation *one;
	BrRelation *many;
	BrJoinPlan	plan;
	BrRead		read;
	List	   *exprs;

	br_join_plan_unpack(scan->fdw_private, &plan);
	br_join_relations(scan, node->ss.ps.state, plan.one_first, &one, &many);
	exprs = list_truncate(list_copy(scan->fdw_exprs), plan.nvalues);
	ExplainPropertyText("Relations",
						psprintf("(%s) %s JOIN (%s)", quote_identifier(one->name),
								 plan.left ? "LEFT" : "INNER", quote_identifier(many->name)), es);
	explain_matching(scan, &plan, es);
	ExplainPropertyText("DynamoDB Operation", br_operation_name(BR_OP_QUERY), es);
	ExplainPropertyText("DynamoDB Table", many->schema.table, es);
	if (br_pair_bind(&one->schema, &many->schema, plan.predicates,
					 values_for_display(many, plan.predicates, exprs, scan, es), true, &read))
		explain_key_condition(&read, es);
	ExplainPropertyText("Order", "backward", es);
	explain_cost(&plan.cost, br_scan_counters(node), es);
}

static void
explain_scan(ForeignScanState *node, ExplainState *es)
{
	ForeignScan *scan = (ForeignScan *) node->ss.ps.plan;
	BrRelation *rel = br_relation_open(node->ss.ss_currentRelation);
	BrPlan		plan;
	BrRead		read;

	(void) br_must_spool(rel, node->ss.ps.state);
	br_plan_unpack(scan->fdw_private, rel, &plan);
	br_bind_for_display(&rel->schema, &plan.access, plan.predicates,
						values_for_display(rel, plan.predicates, scan->fdw_exprs, scan, es),
						&read);

	ExplainPropertyText("DynamoDB Operation",
						read.op == BR_OP_SCAN && br_effective_scan_policy(rel) == BR_SCAN_DENY
						? "Scan (denied)" : br_operation_name(read.op), es);
	ExplainPropertyText("DynamoDB Table", br_for_display(read.table), es);
	if (read.index != NULL)
		ExplainPropertyText("Index", read.index, es);
	explain_key_condition(&read, es);
	explain_filter(&read, es);
	if (plan.access.fetch != BR_FETCH_NOTHING)
		explain_fetch(rel, &plan, es);
	if (plan.count_only)
		ExplainPropertyText("Select", "COUNT", es);
	if (br_plan_segments(&plan, rel) > 1)
		ExplainPropertyInteger("Segments", NULL, br_plan_segments(&plan, rel), es);
	if (plan.order > 0)
		explain_order(rel, &plan, es);
	if (plan.limit > 0)
		ExplainPropertyInteger("Page Size", NULL, plan.limit, es);
	if (es->verbose && !plan.count_only)
		explain_projection(br_converter_create(rel, plan.attnums), es);
	if (br_plan_is_consistent(&plan, rel))
		ExplainPropertyText("Consistent Read", "true", es);
	explain_cost(&plan.cost, br_scan_counters(node), es);
}

void
br_explain_foreign_scan(ForeignScanState *node, ExplainState *es)
{
	if (((ForeignScan *) node->ss.ps.plan)->scan.scanrelid == 0)
		explain_join(node, es);
	else
		explain_scan(node, es);
}

static const char *
write_operation(CmdType operation, BrLotMode mode)
{
	if (operation == CMD_UPDATE)
		return br_operation_name(BR_OP_UPDATE_ITEM);
	if (operation == CMD_DELETE)
		return br_operation_name(BR_OP_DELETE_ITEM);
	return br_operation_name(mode == BR_LOT_BATCH ? BR_OP_BATCH_WRITE_ITEM
							 : mode == BR_LOT_TRANSACT ? BR_OP_TRANSACT_WRITE_ITEMS
							 : BR_OP_PUT_ITEM);
}

void
br_explain_writes(CmdType operation, const BrRelation *rel, BrLotMode mode,
				  const BrCounters *counters, ExplainState *es)
{
	ExplainPropertyText("DynamoDB Write", write_operation(operation, mode), es);
	if (operation != CMD_INSERT || !rel->upsert)
		ExplainPropertyText("Write Condition",
							psprintf(operation == CMD_INSERT ? "attribute_not_exists(%s)"
									 : "attribute_exists(%s)",
									 br_for_display(rel->schema.pk_name)), es);
	if (!es->analyze || counters == NULL)
		return;
	ExplainPropertyInteger("Write Requests", NULL, counters->requests, es);
	if (counters->retries > 0 || es->format != EXPLAIN_FORMAT_TEXT)
		ExplainPropertyInteger("Write Retries", NULL, counters->retries, es);
	ExplainPropertyFloat("Consumed Write Capacity", NULL, counters->write_capacity, 1, es);
}
