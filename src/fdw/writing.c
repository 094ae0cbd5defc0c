/*
 * writing.c
 *		Opening writers, and the errors of those that failed.
 *
 * Whatever failed, the other writes of the window are waited for, so that the
 * error can say how many rows are there.
 */
#include "base/br.h"

#include "fdw/connect.h"
#include "fdw/encoding.h"
#include "fdw/report.h"
#include "fdw/writing.h"
#include "fdw/written.h"
#include "foreign/foreign.h"

void
br_check_updatable(const BrRelation *rel)
{
	if (rel->updatable)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("foreign table \"%s\" does not allow writing", rel->name),
			 errdetail("The option updatable is false, as it is unless it is set: what is written to DynamoDB cannot be rolled back, and the table may have no backup."),
			 errhint("ALTER SERVER %s OPTIONS (ADD updatable 'true'); or the same on the foreign table.",
					 GetForeignServer(rel->server_id)->servername)));
}

/* Once a session: most tables of DynamoDB have no backup. */
void
br_warn_of_deletion(const BrRelation *rel)
{
	static bool warned = false;

	if (!warned)
		ereport(NOTICE,
				(errmsg("what is deleted from foreign table \"%s\" cannot be brought back by ROLLBACK", rel->name)));
	warned = true;
}

BrLotMode
br_insert_mode(const BrRelation *rel)
{
	if (rel->transact)
		return BR_LOT_TRANSACT;
	return rel->upsert ? BR_LOT_BATCH : BR_LOT_SINGLE;
}

BrWriter *
br_writing_open(const BrRelation *rel, Oid user_id, BrLotMode mode, bool skip_refused,
				BrCounters *counters)
{
	BrReading	reading = br_connect_for(rel, user_id, counters);
	BrWriting	writing = {
		.conn = reading.conn,
		.counters = counters,
		.count = br_written_begin(rel),
		.max_in_flight = rel->max_concurrency,
		.mode = mode,
		.lot_size = Min(rel->batch_size, mode == BR_LOT_BATCH ? BR_MAX_BATCH_WRITES
						: BR_MAX_TRANSACT_WRITES),
		.skip_refused = skip_refused
	};

	return br_writer_open(&writing);
}

/* Where none is written there is nothing to say. Other partitions count their own rows. */
static char *
progress_of(const BrRelation *rel, const BrTally *tally)
{
	const char *of = rel->is_partition ? "of the statement for this partition" : "of the statement";
	StringInfoData text;

	initStringInfo(&text);
	if (tally->fate == BR_FATE_UNKNOWN)
		appendStringInfo(&text, "Whether row " INT64_FORMAT " was written is not known.", tally->row);
	else
		appendStringInfo(&text, "It is row " INT64_FORMAT " %s.", tally->row, of);
	if (tally->written > 0)
		appendStringInfo(&text, " " INT64_FORMAT " %s %s %s written and stay%s so.",
						 tally->written, tally->written == 1 ? "row" : "rows", of,
						 tally->written == 1 ? "is" : "are", tally->written == 1 ? "s" : "");
	if (tally->unknown > 1)
		appendStringInfo(&text, " Of " INT64_FORMAT " rows in all it is not known.", tally->unknown);
	return text.data;
}

static char *
key_for_display(const BrRelation *rel, const BrTally *tally)
{
	const BrSchema *schema = &rel->schema;
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "%s = \"%s\"", br_for_display(schema->pk_name), br_for_display(tally->pk));
	if (tally->sk != NULL)
		appendStringInfo(&text, ", %s = \"%s\"", br_for_display(schema->sk_name),
						 br_for_display(tally->sk));
	return text.data;
}

static void
refuse_duplicate(const BrRelation *rel, const BrTally *tally)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg("an item of foreign table \"%s\" with this key exists already", rel->name),
			 errdetail("The key is %s. %s", key_for_display(rel, tally), progress_of(rel, tally)),
			 errhint("ON CONFLICT DO NOTHING skips such rows, the option insert_mode 'upsert' replaces the items.")));
}

void
br_writing_settle(const BrRelation *rel, BrWriter *writer)
{
	const BrTally *tally = br_writer_tally(writer);
	BrDoing		doing = {.table = rel->schema.table, .relation = rel->name, .writes = true};

	if (br_writer_finish(writer))
		return;
	if (tally->fate == BR_FATE_REFUSED)
		refuse_duplicate(rel, tally);
	doing.operation = br_operation_name(tally->op);
	doing.progress = progress_of(rel, tally);
	br_report(&tally->error, &doing);
}
