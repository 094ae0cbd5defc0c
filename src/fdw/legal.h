/*
 * legal.h
 *		What an item must be before it is sent.
 *
 * What the service would refuse is refused here, by a message that names the
 * attribute; and so is what readers of the table rely on not to be: another value
 * than the vocabulary has, and an item that an index lacks which is said to be
 * complete.
 */
#ifndef BR_LEGAL_H
#define BR_LEGAL_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/write.h"
#include "fdw/relation.h"

/* Raises what is wrong with an item, or a part of one, that was to be written. */
extern _Noreturn void br_refuse_write(const BrRelation *rel, const BrError *err);

/* Raises an error unless the whole item, {"pk":{"S":"x"},...}, can be written. */
extern void br_check_item(const BrRelation *rel, const char *item, size_t len);

/* The same of a change of one attribute. */
extern void br_check_change(const BrRelation *rel, const BrChange *change);

#endif							/* BR_LEGAL_H */
