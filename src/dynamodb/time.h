/*
 * time.h
 *		Timestamps as items hold them: numbers since the epoch, or ISO 8601.
 */
#ifndef BR_TIME_H
#define BR_TIME_H

#include "base/br.h"

/* Microseconds from the Unix epoch to PostgreSQL's, 2000-01-01. */
#define BR_UNIX_EPOCH_US	INT64CONST(946684800000000)

typedef enum BrTimeFormat
{
	BR_TIME_ANY = 0,			/* N: epoch_ms, S: iso8601 */
	BR_TIME_EPOCH_MS,
	BR_TIME_EPOCH_S,
	BR_TIME_ISO8601_UTC,		/* Z, fraction of fixed width: sorts by time */
	BR_TIME_ISO8601_Z,			/* Z, fraction optional */
	BR_TIME_ISO8601				/* any offset; none means UTC */
} BrTimeFormat;

/* "epoch_ms", ...; BR_TIME_ANY for an unknown name. */
extern BrTimeFormat br_time_format_from_name(const char *name);
extern const char *br_time_format_name(BrTimeFormat format);

/*
 * Microseconds since 1970-01-01 00:00 UTC. unit_us: of the number, 1000 for
 * ms. Digits beyond the microsecond are dropped towards the past. False if the
 * text is no such timestamp or lies outside of int64.
 */
extern bool br_time_parse_epoch(const char *text, size_t len, int64 unit_us, int64 *result);

/*
 * YYYY-MM-DD, then T or a space, HH:MM:SS, a fraction (optional), and Z, an
 * offset (+HH, +HHMM, +HH:MM) or nothing, which means UTC. Or the date alone.
 */
extern bool br_time_parse_iso(const char *text, size_t len, int64 *result);

/*
 * Appends a bound for comparisons in the order of the stored form, such that no
 * timestamp in this format from unix_us on (is_low), or up to it, lies beyond
 * it. Some of the other side may lie within.
 */
extern void br_time_append_bound(StringInfo out, BrTimeFormat format,
								 int64 unix_us, bool is_low);

/*
 * Appends a timestamp as it is stored: epoch_ms and epoch_s as whole numbers,
 * rounded down; iso8601_utc with six digits of the second, always; the other
 * ISO formats, all with Z, with none, three or six, as few as tell all of it.
 * BR_TIME_ANY is written as iso8601_z. False, and nothing is appended, for ISO
 * formats outside of the years 1 to 9999.
 */
extern bool br_time_append(StringInfo out, BrTimeFormat format, int64 unix_us);

/*
 * Which unit a number counts, by its size: seconds reach 11 digits in the year
 * 5138, milliseconds did in 1973. BR_TIME_ANY if it is no such number.
 */
extern BrTimeFormat br_time_classify_epoch(const char *text, size_t len);

/* The strictest ISO format that this text has; BR_TIME_ANY if it is no timestamp. */
extern BrTimeFormat br_time_classify_iso(const char *text, size_t len);

#endif							/* BR_TIME_H */
