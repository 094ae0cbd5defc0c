/*
 * touched.c
 *		A set of keys, by hashes of 128 bits: that two keys have the same one does
 *		not happen.
 */
#include "base/br.h"

#include "common/hashfn.h"
#include "fdw/touched.h"
#include "utils/hsearch.h"

typedef struct Digest
{
	uint64		halves[2];
} Digest;

struct BrTouched
{
	HTAB	   *digests;
};

BrTouched *
br_touched_create(MemoryContext context)
{
	BrTouched  *touched = MemoryContextAlloc(context, sizeof(BrTouched));
	HASHCTL		control = {.keysize = sizeof(Digest), .entrysize = sizeof(Digest), .hcxt = context};

	touched->digests = hash_create("benchresults touched", 64, &control,
								   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	return touched;
}

static uint64
add_value(uint64 hash, const BrValue *value)
{
	if (value == NULL)
		return hash;
	return hash_combine64(hash, hash_bytes_extended((const unsigned char *) value->text,
													value->len, hash));
}

bool
br_touch(BrTouched *touched, const BrKey *key)
{
	Digest		digest;
	bool		found;

	for (int i = 0; i < 2; i++)
		digest.halves[i] = add_value(add_value(i + 1, key->pk), key->sk);
	hash_search(touched->digests, &digest, HASH_ENTER, &found);
	return !found;
}
