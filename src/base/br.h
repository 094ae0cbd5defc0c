/*
 * br.h
 *		First include of every file: picks the server's or the frontend's world.
 *
 * The folders base, aws, dynamodb, access and stats are pure: they compile
 * inside a backend and, with -DFRONTEND, as plain programs for unit tests.
 * What both worlds offer is the palloc family, StringInfo, psprintf and the
 * integer and encoding helpers of libpgcommon; nothing else of PostgreSQL may
 * be used there.  The linker holds them to it.
 */
#ifndef BR_H
#define BR_H

#ifdef FRONTEND
#include "postgres_fe.h"

#define BR_CHECK_INTERRUPTS()	((void) 0)
#else
#include "postgres.h"
#include "miscadmin.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"				/* until then in postgres.h */
#endif

/*
 * May throw: allowed only where no object of a C library is live that nobody
 * owns (see own.h).
 */
#define BR_CHECK_INTERRUPTS()	CHECK_FOR_INTERRUPTS()
#endif

#include "lib/stringinfo.h"

#if PG_VERSION_NUM < 150000
#error "benchresults_fdw needs PostgreSQL 15 or later"
#endif

#endif							/* BR_H */
