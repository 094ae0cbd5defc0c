/*
 * derived.c
 *		Totals that follow from other figures of a document.
 *
 * Queries may be repeated: warm-ups, then iterations that count. The schema does
 * not say whether totals are about all entries or about those that were measured,
 * so either is right. A list of fewer entries than queries is incomplete, and
 * bounds the totals only. Figures are compared as exactly as they are written.
 */
#include "base/br.h"

#include <math.h>

#include "benchbox/finding.h"

#define MAX_DECIMALS 9			/* what is beyond is rounding of binary fractions */

/* Entries of details. */
typedef struct Tally
{
	int64		n;
	int64		successful;
	int64		timed;			/* successful, with a time */
	double		ms;				/* sum of their times */
	int			decimals;		/* the most that a time has */
} Tally;

typedef struct Totals
{
	int32		node;			/* results.queries */
	double		total;			/* NaN: not there */
	double		successful;
	double		failed;
	double		success_rate;
	Tally		all;
	Tally		measured;
} Totals;

static int32
member(const BrCheck *check, int32 object, const char *name)
{
	return br_document_member(check->doc, object, name, strlen(name));
}

static double
number(const BrCheck *check, int32 object, const char *name)
{
	return br_document_number(check->doc, member(check, object, name));
}

/* Whether the entry is of no measurement: a warm-up, or none of a query. */
static bool
is_unmeasured(const BrCheck *check, int32 detail)
{
	int32		run_type = member(check, detail, "run_type");

	return br_document_equals(check->doc, run_type, "warmup") || br_document_equals(check->doc, run_type, "metadata") ||
		br_document_equals(check->doc, run_type, "summary");
}

static void
count_detail(const BrCheck *check, int32 detail, Tally *tally)
{
	int32		time = member(check, detail, "execution_time_ms");
	double		ms = br_document_number(check->doc, time);

	tally->n++;
	if (!br_document_equals(check->doc, member(check, detail, "status"), "SUCCESS"))
		return;
	tally->successful++;
	if (!isfinite(ms))
		return;
	tally->timed++;
	tally->ms += ms;
	tally->decimals = Max(tally->decimals, br_document_decimals(check->doc, time));
}

static void
count_details(BrCheck *check, Totals *totals)
{
	int32		details = member(check, totals->node, "details");

	if (!br_document_is(check->doc, details, BR_NODE_ARRAY))
		return;
	br_document_foreach(detail, check->doc, details)
	{
		BR_CHECK_INTERRUPTS();
		if (!br_document_is(check->doc, detail, BR_NODE_OBJECT))
			continue;
		count_detail(check, detail, &totals->all);
		if (!is_unmeasured(check, detail))
			count_detail(check, detail, &totals->measured);
		br_check_detail(check, detail);
	}
}

/* failed and success_rate, which follow from total and successful. */
static void
check_quotients(BrCheck *check, const Totals *totals)
{
	double		failed = totals->total - totals->successful;
	double		rate = totals->total > 0 ? totals->successful / totals->total : 0;

	if (isnan(failed))
		return;
	if (failed < 0)
		br_finding(check, BR_FINDING_ERROR, "successful", totals->node, "successful",
				   "there are more successful queries, %.0f, than queries, %.0f", totals->successful, totals->total);
	if (totals->failed != failed && !isnan(totals->failed))
		br_finding(check, BR_FINDING_ERROR, "failed", totals->node, "failed",
				   "it is %.0f, but %.0f of %.0f succeeded", totals->failed, totals->successful, totals->total);

	/* rounded halves may go either way; 1e-9 is what decimals lose as binary fractions */
	if (fabs(totals->success_rate - rate) > 0.00005 + 1e-9)
		br_finding(check, BR_FINDING_ERROR, "success_rate", totals->node, "success_rate",
				   "it is %.15g, but %.0f of %.0f is %.4f", totals->success_rate, totals->successful, totals->total, rate);
	else if (br_document_decimals(check->doc, member(check, totals->node, "success_rate")) > 4)
		br_finding(check, BR_FINDING_WARNING, "success_rate", totals->node, "success_rate",
				   "it is %.15g, but is rounded to 4 decimals", totals->success_rate);
}

/* Whether the totals are those of these entries: all of them or, if there are more queries, some. */
static bool
agrees(const Totals *totals, const Tally *tally, bool complete)
{
	double		unlisted = totals->total - tally->n;

	return unlisted >= 0 && (!complete || unlisted == 0) &&
		totals->successful >= tally->successful && totals->successful <= tally->successful + unlisted;
}

static void
check_against_details(BrCheck *check, const Totals *totals)
{
	int64		listed = totals->measured.n;
	bool		complete = totals->total == listed || totals->total == totals->all.n;

	if (isnan(totals->total) || !br_document_is(check->doc, member(check, totals->node, "details"), BR_NODE_ARRAY))
		return;
	if (totals->total < listed)
		br_finding(check, BR_FINDING_ERROR, "total", totals->node, "total",
				   "it is %.0f, but details has " INT64_FORMAT " entries", totals->total, listed);
	else if (isnan(totals->successful))
		return;
	else if (!agrees(totals, &totals->all, complete) && !agrees(totals, &totals->measured, complete))
		br_finding(check, BR_FINDING_ERROR, "successful", totals->node, "successful",
				   "it is %.0f, but " INT64_FORMAT " of the entries of details have the status SUCCESS",
				   totals->successful, totals->total == totals->all.n ? totals->all.successful : totals->measured.successful);
	else if (!complete)
		br_finding(check, BR_FINDING_NOTE, "incomplete", totals->node, "details",
				   "of %.0f queries there are " INT64_FORMAT, totals->total, listed);
}

/* Whether this may be the mean, rounded, of times that were rounded as well. */
static bool
is_mean(const BrCheck *check, int32 node, const Tally *tally)
{
	double		mean = tally->timed > 0 ? tally->ms / tally->timed : 0;
	int			decimals = Min(br_document_decimals(check->doc, node), MAX_DECIMALS);
	double		tolerance = 0.5 * pow(10, -decimals) + 0.5 * pow(10, -Min(tally->decimals, MAX_DECIMALS)) + 1e-9 * mean;

	return fabs(br_document_number(check->doc, node) - mean) <= tolerance;
}

static void
check_average(BrCheck *check, int32 timing, const Totals *totals)
{
	int32		avg = member(check, timing, "avg_ms");
	const Tally *tally = &totals->measured;

	/* of entries that are not there, or have no time, nothing is known */
	if (isnan(br_document_number(check->doc, avg)) || totals->all.timed < totals->all.successful ||
		(totals->total != tally->n && totals->total != totals->all.n) ||
		!br_document_is(check->doc, member(check, totals->node, "details"), BR_NODE_ARRAY))
		return;
	if (!is_mean(check, avg, tally) && !is_mean(check, avg, &totals->all))
		br_finding(check, BR_FINDING_WARNING, "average", avg, NULL,
				   "it is %s, but the mean of the successful queries is %.6g", br_finding_shown(check->doc, avg),
				   tally->timed > 0 ? tally->ms / tally->timed : 0);
}

/* min <= avg <= max <= total, of those that are there; as exactly as they are written. */
static void
check_order(BrCheck *check, int32 timing)
{
	static const char *const names[] = {"min_ms", "avg_ms", "max_ms", "total_ms"};
	int32		before = BR_NODE_NONE;

	for (int i = 0; i < lengthof(names); i++)
	{
		int32		node = member(check, timing, names[i]);
		double		value = br_document_number(check->doc, node);

		if (isnan(value))
			continue;
		if (before != BR_NODE_NONE)
		{
			int			decimals = Min(br_document_decimals(check->doc, node), br_document_decimals(check->doc, before));
			double		tolerance = 0.5 * pow(10, -Min(decimals, MAX_DECIMALS)) + 1e-9 * value;

			if (br_document_number(check->doc, before) > value + tolerance)
				br_finding(check, BR_FINDING_ERROR, "order", node, NULL, "it is %s, less than %.*s, %s",
						   br_finding_shown(check->doc, node), (int) check->doc->nodes[before].name_len,
						   check->doc->text + check->doc->nodes[before].name, br_finding_shown(check->doc, before));
		}
		before = node;
	}
}

void
br_check_counts(BrCheck *check)
{
	int32		results = member(check, BR_NODE_ROOT, "results");
	int32		timing = member(check, results, "timing");
	Totals		totals = {.node = member(check, results, "queries")};

	if (br_document_is(check->doc, totals.node, BR_NODE_OBJECT))
	{
		totals.total = number(check, totals.node, "total");
		totals.successful = number(check, totals.node, "successful");
		totals.failed = number(check, totals.node, "failed");
		totals.success_rate = number(check, totals.node, "success_rate");
		count_details(check, &totals);
		check_quotients(check, &totals);
		check_against_details(check, &totals);
	}
	if (br_document_is(check->doc, timing, BR_NODE_OBJECT))
	{
		if (br_document_is(check->doc, totals.node, BR_NODE_OBJECT))
			check_average(check, timing, &totals);
		check_order(check, timing);
	}
}
