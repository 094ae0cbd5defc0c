/*
 * key.c
 *		What a key may be, and lists of keys.
 */
#include "base/br.h"

#include "access/key.h"
#include "base/array.h"
#include "dynamodb/number.h"

bool
br_key_value_check(BrType type, size_t max_len, const BrText *value)
{
	if (type == BR_TYPE_N)
		return br_number_is_sendable(value->ptr, value->len, NULL);
	return value->len > 0 && value->len <= max_len;
}

void
br_texts_add(BrTexts *texts, BrText text)
{
	BrText	   *list = br_array_grow(unconstify(BrText *, texts->list), texts->n, sizeof(BrText));

	list[texts->n++] = text;
	texts->list = list;
}

void
br_key_list_add(BrKeyList *keys, BrText pk, BrText sk)
{
	keys->list = br_array_grow(keys->list, keys->n, sizeof(BrKeyText));
	keys->list[keys->n++] = (BrKeyText) {pk, sk};
}

/* A plain decimal without zeros that do not count: 007.50 is 7.5, -0 is 0. */
static BrText
canonical_number(BrText number)
{
	char	   *copy = palloc(number.len + 1);
	const char *p = number.ptr;
	const char *end = p + number.len;
	bool		negative = p < end && *p == '-';
	size_t		len = 0;

	if (negative)
		p++;
	while (p < end - 1 && p[0] == '0' && p[1] >= '0' && p[1] <= '9')
		p++;
	if (memchr(p, '.', end - p) != NULL)
	{
		while (end[-1] == '0')
			end--;
		if (end[-1] == '.')
			end--;
	}
	if (negative && !(end - p == 1 && *p == '0'))
		copy[len++] = '-';
	memcpy(copy + len, p, end - p);
	return (BrText) {copy, len + (end - p)};
}

static int
compare_texts(const void *a, const void *b)
{
	const BrText *left = a;
	const BrText *right = b;
	size_t		len = Min(left->len, right->len);
	int			order = len > 0 ? memcmp(left->ptr, right->ptr, len) : 0;

	if (order != 0)
		return order;
	return left->len < right->len ? -1 : left->len > right->len;
}

/* Compares absolute values of canonical numbers. */
static int
compare_magnitudes(BrText a, BrText b)
{
	const char *a_point = memchr(a.ptr, '.', a.len);
	const char *b_point = memchr(b.ptr, '.', b.len);
	size_t		a_whole = a_point ? (size_t) (a_point - a.ptr) : a.len;
	size_t		b_whole = b_point ? (size_t) (b_point - b.ptr) : b.len;

	/* without leading zeros more digits are a larger number */
	if (a_whole != b_whole)
		return a_whole < b_whole ? -1 : 1;
	return compare_texts(&a, &b);
}

static bool
take_minus(BrText *number)
{
	if (number->len == 0 || number->ptr[0] != '-')
		return false;
	number->ptr++;
	number->len--;
	return true;
}

int
br_text_compare(BrType type, BrText a, BrText b)
{
	bool		a_negative;
	bool		b_negative;

	if (type != BR_TYPE_N)
		return compare_texts(&a, &b);
	a = canonical_number(a);
	b = canonical_number(b);
	a_negative = take_minus(&a);
	b_negative = take_minus(&b);
	if (a_negative != b_negative)
		return a_negative ? -1 : 1;
	return a_negative ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

BrTexts
br_texts_distinct(BrType type, BrTexts values)
{
	BrText	   *list = palloc(sizeof(BrText) * Max(values.n, 1));
	int			n = 0;

	for (int i = 0; i < values.n; i++)
		list[i] = type == BR_TYPE_N ? canonical_number(values.list[i]) : values.list[i];
	qsort(list, values.n, sizeof(BrText), compare_texts);
	for (int i = 0; i < values.n; i++)
	{
		if (n == 0 || compare_texts(&list[n - 1], &list[i]) != 0)
			list[n++] = list[i];
	}
	return (BrTexts) {n, list};
}

BrTexts
br_texts_intersect(BrTexts a, BrTexts b)
{
	BrText	   *list = palloc(sizeof(BrText) * Max(a.n, 1));
	int			n = 0;

	for (int i = 0, j = 0; i < a.n && j < b.n;)
	{
		int			order = compare_texts(&a.list[i], &b.list[j]);

		if (order == 0)
			list[n++] = a.list[i];
		i += order <= 0;
		j += order >= 0;
	}
	return (BrTexts) {n, list};
}

static int
compare_keys(const void *a, const void *b)
{
	const BrKeyText *left = a;
	const BrKeyText *right = b;
	int			order = compare_texts(&left->pk, &right->pk);

	return order != 0 ? order : compare_texts(&left->sk, &right->sk);
}

void
br_key_list_make_distinct(BrKeyList *keys)
{
	int			n = 0;

	if (keys->n == 0)
		return;
	qsort(keys->list, keys->n, sizeof(BrKeyText), compare_keys);
	for (int i = 0; i < keys->n; i++)
	{
		if (n == 0 || compare_keys(&keys->list[n - 1], &keys->list[i]) != 0)
			keys->list[n++] = keys->list[i];
	}
	keys->n = n;
}

void
br_reads_add(BrReads *reads, const BrRead *read)
{
	reads->list = br_array_grow(reads->list, reads->n, sizeof(BrRead));
	reads->list[reads->n++] = *read;
}

static const BrValue *
value_of(BrType type, BrText text)
{
	BrValue    *value = palloc(sizeof(BrValue));

	*value = (BrValue) {type, text.ptr, text.len};
	return value;
}

BrReads
br_reads_of_keys(const BrSchema *schema, const BrKeyList *keys, const BrRead *blank)
{
	BrReads		reads = {0, NULL};

	for (int done = 0; done < keys->n;)
	{
		int			n = Min(keys->n - done, BR_MAX_BATCH_KEYS);
		BrKey	   *batch = palloc0(sizeof(BrKey) * n);
		BrRead		read = *blank;

		for (int i = 0; i < n; i++, done++)
		{
			batch[i].pk_name = schema->pk_name;
			batch[i].pk = value_of(schema->pk_type, keys->list[done].pk);
			batch[i].sk_name = schema->sk_name;
			if (schema->sk_name != NULL)
				batch[i].sk = value_of(schema->sk_type, keys->list[done].sk);
		}
		read.op = n > 1 ? BR_OP_BATCH_GET_ITEM : BR_OP_GET_ITEM;
		read.nkeys = n;
		read.keys = batch;
		br_reads_add(&reads, &read);
	}
	return reads;
}

BrReads
br_reads_of_partitions(const BrSchema *schema, const BrKeyList *keys, const BrRead *blank)
{
	BrReads		reads = {0, NULL};
	BrPath		path;

	br_path_of_name(schema->pk_name, &path);
	for (int i = 0; i < keys->n; i++)
	{
		BrRead		read = *blank;

		read.op = BR_OP_QUERY;
		read.key_condition = br_cond_compare(BR_COND_EQ, &path,
											 value_of(schema->pk_type, keys->list[i].pk));
		br_reads_add(&reads, &read);
	}
	return reads;
}
