/*
 * rowkey.h
 *		The key of a row's item, made of the columns by the templates.
 *
 * Parts of keys are numbered as br_schema_decode() has them: the variables of the
 * templates, and then the dimensions of a configuration.
 */
#ifndef BR_ROWKEY_H
#define BR_ROWKEY_H

#include "base/br.h"
#include "dynamodb/request.h"
#include "fdw/encode.h"
#include "fdw/relation.h"

/* The part that a column is, -1: none. */
extern int	br_key_part_of(const BrRelation *rel, const BrColumn *column);

/* How a part is stored, as an attribute or as the key that it is; and the attribute's name. */
extern BrType br_key_part_type(const BrSchema *schema, int part);
extern const char *br_key_part_name(const BrSchema *schema, int part);

/*
 * The parts that the columns of a row give; ptr NULL: not given. encoders: of all
 * columns. Raises an error if two columns give one part and differ.
 */
extern void br_key_take_parts(const BrRelation *rel, const BrEncoder *encoders,
							  const Datum *values, const bool *nulls, BrText *texts);

/*
 * The key made of them, in the current context; parts that follow from others are
 * added to texts. Raises an error, which names the column, if there can be none.
 */
extern void br_key_make(const BrRelation *rel, BrText *texts, BrKey *key);

/*
 * The columns that make the key. Raises an error if the table lacks one, or if one
 * does not tell it exactly.
 */
extern Bitmapset *br_key_columns(const BrRelation *rel);

#endif							/* BR_ROWKEY_H */
