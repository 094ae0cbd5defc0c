/*
 * sketch.h
 *		benchsketch as an argument and as a result of functions.
 */
#ifndef BR_FUNCTIONS_SKETCH_H
#define BR_FUNCTIONS_SKETCH_H

#include "base/br.h"
#include "base/compat.h"
#include "fmgr.h"
#include "stats/sketch.h"

/* The value that stands for a sketch, in the current context. */
extern bytea *br_sketch_pack(const BrSketch *sketch);

/* A sketch of bytes, in the current context; an error with this SQLSTATE if they are of none. */
extern void br_sketch_unpack(BrSketch *sketch, const char *bytes, int len, int sqlstate);

extern BrSketch br_sketch_from_datum(Datum datum);

#define PG_GETARG_SKETCH(n) br_sketch_from_datum(PG_GETARG_DATUM(n))

/* An error if it is out of range. */
extern void br_sketch_check_alpha(double alpha);

#endif							/* BR_FUNCTIONS_SKETCH_H */
