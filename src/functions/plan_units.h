/*
 * plan_units.h
 *		What a query will ask of DynamoDB, by its EXPLAIN.
 */
#ifndef BR_PLAN_UNITS_H
#define BR_PLAN_UNITS_H

#include "base/br.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

/* A node of a plan, as EXPLAIN (FORMAT JSON) shows it. */
typedef JsonbContainer BrPlanNode;

typedef struct BrUnits
{
	double		requests;
	double		read_units;
} BrUnits;

/*
 * The topmost node of a query's plan. Needs SPI. Makes no request; refuses more
 * than one statement, and one that has no plan or several.
 */
extern BrPlanNode *br_plan_of(const char *query);

/* Properties of a node: NULL, 0 and NIL if it has none of this name. */
extern char *br_plan_text(BrPlanNode *node, const char *name);
extern double br_plan_number(BrPlanNode *node, const char *name);
extern List *br_plan_texts(BrPlanNode *node, const char *name);	/* of char * */

/* The nodes right below, in the order of EXPLAIN. */
extern List *br_plan_children(BrPlanNode *node);

/* What all scans take together, each as often as it is to be made. */
extern BrUnits br_plan_units(BrPlanNode *plan);

#endif							/* BR_PLAN_UNITS_H */
