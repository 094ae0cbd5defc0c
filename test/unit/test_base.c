/*
 * test_base.c
 *		Errors as values, owners, and the allocator that the tests stand on.
 *
 * This program is linked with every pure source, used or not (see Makefile).
 */
#include "base/br.h"

#include "base/error.h"
#include "base/own.h"
#include "fe_alloc.h"
#include "tap.h"

static char released[8];
static int	nreleased = 0;

static void
note_release(void *ptr)
{
	released[nreleased++] = *(const char *) ptr;
}

static void
test_error(void)
{
	BrError		err;
	char		text[2000];

	memset(&err, 0x7f, sizeof(err));
	ok(!br_error(&err, BR_ERR_LIMIT, "%d items", 3), "br_error returns false");
	is_int(err.kind, BR_ERR_LIMIT, "its kind");
	is_str(err.message, "3 items", "its message");
	ok(err.retry == BR_RETRY_NEVER && err.http_status == 0 && err.attempts == 0 &&
	   err.code[0] == '\0' && err.detail[0] == '\0' && err.request_id[0] == '\0',
	   "every other field is cleared");

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	br_error(&err, BR_ERR_LIMIT, "%s", text);
	is_int(strlen(err.message), sizeof(err.message) - 1, "a long message is cut");
}

static void
test_owners(void)
{
	BrOwned    *a = br_own(note_release);
	BrOwned    *b = br_own(note_release);
	BrOwned    *c = br_own(note_release);
	BrOwned    *empty = br_own(note_release);

	a->ptr = "a";
	b->ptr = "b";
	c->ptr = "c";
	br_release(b);
	is_str(released, "b", "br_release releases at once");
	br_release(b);
	br_release(empty);
	is_str(released, "b", "an owner of nothing releases nothing");
	fe_reset();
	is_str(released, "bca", "a reset releases the rest, newest first");
	fe_reset();
	is_str(released, "bca", "and only once");
}

static void
test_allocator(void)
{
	char	   *a;
	char	   *b;
	StringInfoData text;

	is_int(fe_blocks(), 0, "nothing is allocated after a reset");
	a = palloc(10);
	b = palloc0(100);
	is_int(fe_blocks(), 2, "blocks are counted");
	ok(b[0] == 0 && b[99] == 0, "palloc0 clears");
	strcpy(a, "123456789");
	a = repalloc(a, 100000);
	is_str(a, "123456789", "repalloc keeps the contents");
	pfree(b);
	is_int(fe_blocks(), 1, "pfree frees");
	ok((uintptr_t) palloc(1) % MAXIMUM_ALIGNOF == 0, "blocks are aligned");
	is_str(pnstrdup("abc", 2), "ab", "pnstrdup cuts");
	is_str(pnstrdup("abc", 9), "abc", "pnstrdup stops at the end");
	ok(palloc_extended(SIZE_MAX, MCXT_ALLOC_NO_OOM) == NULL, "an impossible size");

	/* libpgcommon's own code allocates here, too */
	initStringInfo(&text);
	appendStringInfo(&text, "%0*d", 5000, 1);
	is_int(text.len, 5000, "a StringInfo grows");
	is_str(psprintf("%s-%d", "a", 1), "a-1", "psprintf");
	fe_reset();
	is_int(fe_blocks(), 0, "a reset frees all");
}

int
main(void)
{
	test_error();
	test_owners();
	test_allocator();
	return done_testing();
}
