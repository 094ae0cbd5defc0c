/*
 * scan.h
 *		Looking at many bytes of a body at once.
 *
 * The loops that decide the decoder's speed, with SSE2 where the compiler has it
 * (always on x86-64) and otherwise, or with BR_NO_SIMD, eight bytes at a time in
 * an ordinary register.  None reads at or beyond end.
 */
#ifndef BR_SCAN_H
#define BR_SCAN_H

#include "base/br.h"

#include "port/pg_bitutils.h"
#include "port/pg_bswap.h"

#if defined(__SSE2__) && !defined(BR_NO_SIMD)
#define BR_SCAN_SSE2
#include <emmintrin.h>
#endif

/*
 * A stop ends a run of plain characters inside a JSON string: a quote, a
 * backslash or a control character.  As the quote is 0x22, turning the bit 0x02
 * of every byte over leaves the control characters below 0x20 and makes the
 * quote 0x20, so that one comparison finds both.
 */
static inline bool
br_is_stop(char c)
{
	return (unsigned char) (c ^ 0x02) <= 0x20 || c == '\\';
}

#ifdef BR_SCAN_SSE2

#define BR_SCAN_WIDTH		16
#define BR_SCAN_BITS		1	/* for each byte in what follows */

/* Which bytes are stops, and which are above 0x7f. */
static inline void
br_look(const char *p, uint64 *stops, uint64 *highs)
{
	__m128i		bytes = _mm_loadu_si128((const __m128i *) p);
	__m128i		flipped = _mm_xor_si128(bytes, _mm_set1_epi8(0x02));
	__m128i		low = _mm_cmpeq_epi8(_mm_min_epu8(flipped, _mm_set1_epi8(0x20)), flipped);
	__m128i		backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));

	*stops = (uint32) _mm_movemask_epi8(_mm_or_si128(low, backslash));
	*highs = (uint32) _mm_movemask_epi8(bytes);
}

#else

#define BR_SCAN_WIDTH		8
#define BR_SCAN_BITS		8
#define BR_EACH_BYTE(c)		(UINT64CONST(0x0101010101010101) * (c))

/*
 * As above, in the topmost bit of each byte.  The subtractions borrow from the
 * bytes above a stop, so only the lowest bit of stops is to be trusted.
 */
static inline void
br_look(const char *p, uint64 *stops, uint64 *highs)
{
	uint64		bytes;
	uint64		flipped;
	uint64		backslash;

	memcpy(&bytes, p, sizeof(bytes));
#ifdef WORDS_BIGENDIAN
	bytes = pg_bswap64(bytes);
#endif
	flipped = bytes ^ BR_EACH_BYTE(0x02);
	backslash = bytes ^ BR_EACH_BYTE('\\');
	*stops = (((flipped - BR_EACH_BYTE(0x21)) & ~flipped) |
			  ((backslash - BR_EACH_BYTE(0x01)) & ~backslash)) & BR_EACH_BYTE(0x80);
	*highs = bytes & BR_EACH_BYTE(0x80);
}

#endif

/*
 * The first stop from p on, or end.  *high, unless high is NULL, becomes true if
 * a byte above 0x7f stands before it.
 */
static pg_attribute_always_inline const char *
br_scan(const char *p, const char *end, bool *high)
{
	uint64		stops;
	uint64		highs;

	while (end - p >= BR_SCAN_WIDTH)
	{
		br_look(p, &stops, &highs);
		if (stops != 0)
		{
			/* of highs, only what is below the first stop counts */
			if (high != NULL)
				*high |= (highs & (stops ^ (stops - 1))) != 0;
			return p + pg_rightmost_one_pos64(stops) / BR_SCAN_BITS;
		}
		if (high != NULL)
			*high |= highs != 0;
		p += BR_SCAN_WIDTH;
	}
	for (; p < end && !br_is_stop(*p); p++)
	{
		if (high != NULL)
			*high |= (unsigned char) *p >= 0x80;
	}
	return p;
}

/*
 * Whether the len bytes at p are those at text.  BR_MATCH_SPACE bytes
 * must be readable at both; len may be less.
 */
#define BR_MATCH_SPACE 64

static inline bool
br_match(const char *p, const char *text, int len)
{
#ifdef BR_SCAN_SSE2
	const __m128i *a = (const __m128i *) p;
	const __m128i *b = (const __m128i *) text;
	__m128i		low = _mm_cmpeq_epi8(_mm_loadu_si128(a), _mm_loadu_si128(b));
	__m128i		high = _mm_cmpeq_epi8(_mm_loadu_si128(a + 1), _mm_loadu_si128(b + 1));
	uint32		same = (uint32) _mm_movemask_epi8(low) |
		(uint32) _mm_movemask_epi8(high) << 16;

	/* no loop and no jump that depends on the length, as most are short */
	if (~same != 0)
		return pg_rightmost_one_pos32(~same) >= len;
	return len <= 32 || memcmp(p + 32, text + 32, len - 32) == 0;
#else
	return memcmp(p, text, len) == 0;
#endif
}

/*
 * True if the len bytes at p are digits with at most one point among them, as
 * far as that can be told at a glance.
 */
static inline bool
br_is_plain_number(const char *p, size_t len, const char *end)
{
#ifdef BR_SCAN_SSE2
	__m128i		digits;
	uint32		others;

	if (len - 1 >= 16 || end - p < 16)
		return false;
	digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *) p), _mm_set1_epi8('0'));
	digits = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
	others = ~(uint32) _mm_movemask_epi8(digits) & ((UINT32_C(1) << len) - 1);
	return others == 0 ||
		((others & (others - 1)) == 0 && len > 1 &&
		 p[pg_rightmost_one_pos32(others)] == '.');
#else
	/* the full check is as quick */
	(void) p;
	(void) len;
	(void) end;
	return false;
#endif
}

#endif							/* BR_SCAN_H */
