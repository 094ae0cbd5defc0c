/*
 * vectors.h
 *		Files that tests read, above all the public test vectors.
 *
 * The vectors are other projects' data and no part of this repository: they
 * are looked for in $BR_VECTORS, else in shared/data/vectors beside it.  A test
 * that needs them skips where they are absent.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <jansson.h>

/* The path of a file or folder of the vectors, NULL if it is not there. */
extern char *vectors_path(const char *name);

/* The whole file, with a NUL after its last byte; exits if it cannot be read. */
extern char *read_file(const char *path, size_t *len);

/* The same, parsed; freed by fe_reset(). */
extern json_t *read_json(const char *path);

#endif							/* VECTORS_H */
