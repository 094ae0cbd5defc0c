/*
 * key.h
 *		Values of keys before they are sent, and lists of them.
 */
#ifndef BR_KEY_H
#define BR_KEY_H

#include "base/br.h"
#include "access/choose.h"

/* DynamoDB's limits for the values of keys. */
#define BR_MAX_PK_BYTES	2048
#define BR_MAX_SK_BYTES	1024

/*
 * False if no item can have this value in a key, so that the service would
 * answer with an error.
 */
extern bool br_key_value_check(BrType type, size_t max_len, const BrText *value);

/* <0, 0, >0: by bytes, or by value if they are plain decimals of type N. */
extern int	br_text_compare(BrType type, BrText a, BrText b);

/*
 * The values without repeats, in palloc'd memory. Numbers are brought into one
 * spelling, since 1 and 1.0 are the same key.
 */
extern BrTexts br_texts_distinct(BrType type, BrTexts values);

/* What is in both; both without repeats, as br_texts_distinct makes them. */
extern BrTexts br_texts_intersect(BrTexts a, BrTexts b);

/* Appends to a list that is grown by this function only. */
extern void br_texts_add(BrTexts *texts, BrText text);

typedef struct BrKeyText
{
	BrText		pk;
	BrText		sk;				/* ptr NULL: none */
} BrKeyText;

typedef struct BrKeyList
{
	int			n;
	BrKeyText  *list;
} BrKeyList;

/* Pointers are kept, not copied. */
extern void br_key_list_add(BrKeyList *keys, BrText pk, BrText sk);

/*
 * Sorts and drops repeats, which an index may show if an item is updated while
 * it is read, and which a batch may not hold.
 */
extern void br_key_list_make_distinct(BrKeyList *keys);

/* Reads of these keys, as BatchGetItem or GetItem; all else as in blank. */
extern BrReads br_reads_of_keys(const BrSchema *schema, const BrKeyList *keys,
								const BrRead *blank);

/* Queries of the whole partitions that the keys are in. */
extern BrReads br_reads_of_partitions(const BrSchema *schema, const BrKeyList *keys,
									  const BrRead *blank);

extern void br_reads_add(BrReads *reads, const BrRead *read);

#endif							/* BR_KEY_H */
