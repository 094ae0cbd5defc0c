/*
 * tap.h
 *		Reporting of unit tests in the Test Anything Protocol.
 *
 * A test program is a main() that calls these and ends with
 *
 *		return done_testing();
 *
 * Each check prints one line and returns whether it passed; the last arguments
 * name it, printf-style.
 */
#ifndef TAP_H
#define TAP_H

#include "base/br.h"

extern bool ok(bool pass, const char *fmt,...) pg_attribute_printf(2, 3);
extern bool is_int(int64 got, int64 expected, const char *fmt,...) pg_attribute_printf(3, 4);

/* Equal but for this share of the expected value; 0: equal, and NaN equals NaN. */
extern bool is_double(double got, double expected, double tolerance, const char *fmt,...) pg_attribute_printf(4, 5);

/* NULL is a value of its own. */
extern bool is_str(const char *got, const char *expected, const char *fmt,...) pg_attribute_printf(3, 4);
extern bool is_mem(const void *got, size_t got_len,
				   const void *expected, size_t expected_len,
				   const char *fmt,...) pg_attribute_printf(5, 6);

/* A remark; shown after a failure, or anywhere. */
extern void diag(const char *fmt,...) pg_attribute_printf(1, 2);

/* One check that cannot be made here, and why. */
extern void skip(const char *fmt,...) pg_attribute_printf(1, 2);

/* The whole program has nothing to check here: call before any check. Exits. */
extern _Noreturn void skip_all(const char *fmt,...) pg_attribute_printf(1, 2);

/* Prints the plan, frees all memory (fe_reset) and returns main's result. */
extern int	done_testing(void);

#endif							/* TAP_H */
