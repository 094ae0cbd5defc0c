/*
 * comparison.c
 *		What operators and patterns mean, as the catalogs have it.
 */
#include "base/br.h"

#include "catalog/pg_type.h"
#include "fdw/comparison.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* The place of an operator in the order of a type: BT...StrategyNumber, or 0. */
static int
order_strategy(Oid opno, Oid type)
{
	TypeCacheEntry *cache = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY);

	return OidIsValid(cache->btree_opf) ?
		get_op_opfamily_strategy(opno, cache->btree_opf) : 0;
}

int
br_comparison_negate(int comparison)
{
	switch (comparison)
	{
		case BTLessStrategyNumber:
			return BTGreaterEqualStrategyNumber;
		case BTLessEqualStrategyNumber:
			return BTGreaterStrategyNumber;
		case BTEqualStrategyNumber:
			return BR_NOT_EQUAL;
		case BTGreaterEqualStrategyNumber:
			return BTLessStrategyNumber;
		case BTGreaterStrategyNumber:
			return BTLessEqualStrategyNumber;
		case BR_NOT_EQUAL:
			return BTEqualStrategyNumber;
	}
	return 0;
}

/* Which comparison of this type an operator is, or 0. */
int
br_comparison_of(Oid opno, Oid type)
{
	int			strategy = order_strategy(opno, type);
	Oid			negator = strategy == 0 ? get_negator(opno) : InvalidOid;

	if (OidIsValid(negator) && order_strategy(negator, type) == BTEqualStrategyNumber)
		return BR_NOT_EQUAL;
	return strategy;
}

bool
br_is_deterministic(Oid collation)
{
	return !OidIsValid(collation) || get_collation_isdeterministic(collation);
}

/* The value of a constant whole number. */
bool
br_constant_integer(Node *value, int64 *number)
{
	Const	   *constant = (Const *) value;

	if (!IsA(value, Const) || constant->constisnull)
		return false;
	switch (constant->consttype)
	{
		case INT2OID:
			*number = DatumGetInt16(constant->constvalue);
			return true;
		case INT4OID:
			*number = DatumGetInt32(constant->constvalue);
			return true;
		case INT8OID:
			*number = DatumGetInt64(constant->constvalue);
			return true;
	}
	return false;
}

/*
 * What every text that matches a LIKE pattern begins with. *exact: every text
 * that begins so matches.
 */
Node *
br_like_prefix(Const *pattern, bool *exact)
{
	char	   *prefix = TextDatumGetCString(pattern->constvalue);
	char	   *to = prefix;
	const char *from;

	for (from = prefix; *from != '\0' && *from != '%' && *from != '_'; from++)
	{
		if (*from == '\\' && from[1] != '\0')
			from++;
		*to++ = *from;
	}
	*exact = from[0] == '%' && from[1] == '\0';
	*to = '\0';
	if (prefix[0] == '\0')
		return NULL;
	return (Node *) makeConst(TEXTOID, -1, pattern->constcollid, -1,
							  CStringGetTextDatum(prefix), false, false);
}
