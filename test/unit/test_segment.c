/*
 * test_segment.c
 *		How many segments a Scan has, and what each of them asks.
 */
#include "base/br.h"

#include "access/segment.h"
#include "tap.h"

static void
test_numbers(void)
{
	static const struct
	{
		double		mb;
		int			segments;
	}			cases[] =
	{
		{-1, 4}, {0, 1}, {1, 1}, {99.9, 1}, {100, 4}, {1023, 4}, {1024, 5}, {3 * 1024, 7},
		{4 * 1024, 8}, {1e9, 8}
	};

	for (int i = 0; i < (int) lengthof(cases); i++)
		is_int(br_segments_for(cases[i].mb * 1024 * 1024), cases[i].segments,
			   "%.1f MB", cases[i].mb);
}

static void
test_split(void)
{
	BrRead		scan = {.op = BR_OP_SCAN, .table = "T", .index = "I", .count_only = true};
	BrReads		reads = {.n = 1, .list = &scan};

	br_reads_split(&reads, 3);
	is_int(reads.n, 3, "three of them");
	for (int i = 0; i < reads.n; i++)
	{
		StringInfoData body;

		initStringInfo(&body);
		br_request_read(&body, &reads.list[i]);
		br_request_finish(&body, NULL, 0);
		ok(strstr(body.data, psprintf("\"Segment\":%d,\"TotalSegments\":3", i)) != NULL,
		   "segment %d says which it is", i);
		ok(strstr(body.data, "\"IndexName\":\"I\"") != NULL &&
		   strstr(body.data, "\"Select\":\"COUNT\"") != NULL, "all else as in the whole");
	}
	is_int(scan.total_segments, 0, "which is left as it was");
}

int
main(void)
{
	test_numbers();
	test_split();
	return done_testing();
}
