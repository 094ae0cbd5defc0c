/*
 * compat.h
 *		Differences between releases in the planner's and executor's interface.
 *
 * The foundation's own are in base/compat.h; version conditions stand in these
 * two files only.
 */
#ifndef BR_FDW_COMPAT_H
#define BR_FDW_COMPAT_H

#include "access/stratnum.h"
#include "base/compat.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_server.h"
#include "executor/executor.h"
#include "foreign/fdwapi.h"
#include "miscadmin.h"
#include "optimizer/inherit.h"
#include "optimizer/pathnode.h"
#include "parser/parsetree.h"
#include "utils/acl.h"
#include "utils/selfuncs.h"

#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
#include "commands/explain.h"

/* 18 replaced the strategy number by the kind of comparison. */
static inline bool
br_pathkey_is_descending(const PathKey *pathkey)
{
#if PG_VERSION_NUM >= 180000
	return pathkey->pk_cmptype == COMPARE_GT;
#else
	return pathkey->pk_strategy == BTGreaterStrategyNumber;
#endif
}

/* A path of a plain scan. */
static inline ForeignPath *
br_create_foreignscan_path(PlannerInfo *root, RelOptInfo *baserel, double rows,
						   Cost startup_cost, Cost total_cost,
						   List *pathkeys, Relids required_outer, List *fdw_private)
{
	return create_foreignscan_path(root, baserel, NULL, rows,
#if PG_VERSION_NUM >= 180000
								   0,	/* disabled nodes, new in 18 */
#endif
								   startup_cost, total_cost,
								   pathkeys, required_outer, NULL,
#if PG_VERSION_NUM >= 170000
								   NIL, /* join clauses, new in 17 */
#endif
								   fdw_private);
}

/* A path of a join, with no parameters. */
static inline ForeignPath *
br_create_foreign_join_path(PlannerInfo *root, RelOptInfo *joinrel, double rows,
							Cost startup_cost, Cost total_cost, List *fdw_private)
{
	return create_foreign_join_path(root, joinrel, NULL, rows,
#if PG_VERSION_NUM >= 180000
									0,	/* disabled nodes, new in 18 */
#endif
									startup_cost, total_cost, NIL, NULL, NULL,
#if PG_VERSION_NUM >= 170000
									NIL,	/* join clauses, new in 17 */
#endif
									fdw_private);
}

/* The relations of a scan, without the joins, which 16 gave numbers as well. */
static inline Bitmapset *
br_scanned_relids(const ForeignScan *scan)
{
#if PG_VERSION_NUM >= 160000
	return scan->fs_base_relids;
#else
	return scan->fs_relids;
#endif
}

/*
 * Does the planner rely on a column having no NULL?  18 brought constraints that
 * were never validated, on which it does not.
 */
static inline bool
br_column_is_not_null(TupleDesc desc, int i)
{
#if PG_VERSION_NUM >= 180000
	return TupleDescCompactAttr(desc, i)->attnullability == ATTNULLABLE_VALID;
#else
	return TupleDescAttr(desc, i)->attnotnull;
#endif
}

/* 17 added the planner's state to the arguments. */
static inline double
br_estimate_array_length(PlannerInfo *root, Node *array)
{
#if PG_VERSION_NUM >= 170000
	return estimate_array_length(root, array);
#else
	return estimate_array_length(array);
#endif
}

/* Whose user mapping a scan uses: 16 moved it from the range table to the plan. */
static inline Oid
br_scan_user(ForeignScanState *node)
{
#if PG_VERSION_NUM >= 160000
	Oid			user = ((ForeignScan *) node->ss.ps.plan)->checkAsUser;
#else
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	int			rti = plan->scan.scanrelid > 0 ? (int) plan->scan.scanrelid :
		bms_next_member(plan->fs_relids, -1);
	Oid			user = exec_rt_fetch(rti, node->ss.ps.state)->checkAsUser;
#endif

	return OidIsValid(user) ? user : GetUserId();
}

/* The same for a table that is written. */
static inline Oid
br_result_user(ResultRelInfo *rinfo, EState *estate)
{
#if PG_VERSION_NUM >= 160000
	Oid			user = ExecGetResultRelCheckAsUser(rinfo, estate);
#else
	/* a partition that rows are routed to has no place of its own in the range table */
	Index		rti = rinfo->ri_RangeTableIndex > 0 || rinfo->ri_RootResultRelInfo == NULL
		? rinfo->ri_RangeTableIndex : rinfo->ri_RootResultRelInfo->ri_RangeTableIndex;
	Oid			user = rti > 0 ? exec_rt_fetch(rti, estate)->checkAsUser : InvalidOid;
#endif

	return OidIsValid(user) ? user : GetUserId();
}

/*
 * The columns that an UPDATE sets or computes anew, with the usual offset.  From
 * 15.2 on, the range table does not say which are computed.
 */
static inline Bitmapset *
br_updated_columns(PlannerInfo *root, Index rtindex)
{
#if PG_VERSION_NUM >= 150002
	return get_rel_all_updated_cols(root, find_base_rel(root, rtindex));
#else
	RangeTblEntry *rte = planner_rt_fetch(rtindex, root);

	return bms_union(rte->updatedCols, rte->extraUpdatedCols);
#endif
}

/* 16 replaced the checks of each kind of object by one for all. */
static inline bool
br_may_use_server(Oid server_id)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ForeignServerRelationId, server_id, GetUserId(),
						   ACL_USAGE) == ACLCHECK_OK;
#else
	return pg_foreign_server_aclcheck(server_id, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#endif
}

static inline bool
br_owns_relation(Oid relid)
{
#if PG_VERSION_NUM >= 160000
	return object_ownercheck(RelationRelationId, relid, GetUserId());
#else
	return pg_class_ownercheck(relid, GetUserId());
#endif
}

#endif							/* BR_FDW_COMPAT_H */
