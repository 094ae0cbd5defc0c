/*
 * guarded.h
 *		Bodies that may be neither written to nor read beyond their end.
 */
#ifndef GUARDED_H
#define GUARDED_H

#include "base/br.h"

/* A read-only copy that ends where memory ends; freed by fe_reset(). */
extern const char *guarded_copy(const char *body, size_t len);

#endif							/* GUARDED_H */
