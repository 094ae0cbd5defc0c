/*
 * scan.h
 *		Looking at many bytes of a body at once.
 *
 * The three loops that decide the decoder's speed, with SSE2 where the compiler
 * has it (always on x86-64) and otherwise, or with BR_NO_SIMD, eight bytes at a
 * time in an ordinary register.  None reads at or beyond end.
 */
#ifndef BR_SCAN_H
#define BR_SCAN_H

#include "base/br.h"

#if defined(__SSE2__) && !defined(BR_NO_SIMD)
#define BR_SCAN_SSE2
#include <emmintrin.h>
#include "port/pg_bitutils.h"
#endif

/* Ends a run of plain characters inside a JSON string. */
static inline bool
br_is_stop(char c)
{
	return c == '"' || c == '\\' || (unsigned char) c < 0x20;
}

#ifdef BR_SCAN_SSE2

/* Two registers a step: names and most values end in the first one. */
#define BR_SCAN_WIDTH 16

typedef struct BrBlock
{
	__m128i		low;
	__m128i		high;
} BrBlock;

static inline BrBlock
br_load32(const char *p)
{
	BrBlock		block;

	block.low = _mm_loadu_si128((const __m128i *) p);
	block.high = _mm_loadu_si128((const __m128i *) (p + 16));
	return block;
}

/* The topmost bit of each byte. */
static inline uint32
br_bits32(__m128i low, __m128i high)
{
	return (uint32) _mm_movemask_epi8(low) | (uint32) _mm_movemask_epi8(high) << 16;
}

static inline __m128i
br_stops16(__m128i bytes)
{
	__m128i		quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
	__m128i		backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
	__m128i		control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);

	return _mm_or_si128(_mm_or_si128(quote, backslash), control);
}

/* One bit for each byte that is a stop. */
static inline uint32
br_stops32(BrBlock block)
{
	return br_bits32(br_stops16(block.low), br_stops16(block.high));
}

#else

#define BR_SCAN_WIDTH 8

#define BR_EACH_BYTE(c)	(UINT64CONST(0x0101010101010101) * (c))

/*
 * Not 0 if one of eight bytes is a stop.  Which one, it does not tell: the
 * subtractions borrow from the byte above.
 */
static inline uint64
br_stops8(uint64 word)
{
	uint64		quote = word ^ BR_EACH_BYTE('"');
	uint64		backslash = word ^ BR_EACH_BYTE('\\');

	return (((quote - BR_EACH_BYTE(1)) & ~quote) |
			((backslash - BR_EACH_BYTE(1)) & ~backslash) |
			((word - BR_EACH_BYTE(0x20)) & ~word)) & BR_EACH_BYTE(0x80);
}

#endif

/* The first stop from p on, or end. */
static inline const char *
br_scan_stop(const char *p, const char *end)
{
	while (end - p >= BR_SCAN_WIDTH)
	{
#ifdef BR_SCAN_SSE2
		uint32 stops = (uint32) _mm_movemask_epi8(br_stops16(_mm_loadu_si128((const __m128i *) p)));

		if (stops != 0)
			return p + pg_rightmost_one_pos32(stops);
#else
		uint64		word;

		memcpy(&word, p, sizeof(word));
		if (br_stops8(word) != 0)
			break;
#endif
		p += BR_SCAN_WIDTH;
	}
	while (p < end && !br_is_stop(*p))
		p++;
	return p;
}

/* The same; *high becomes true if a byte above 0x7f stands before the stop. */
static inline const char *
br_scan_text(const char *p, const char *end, bool *high)
{
	while (end - p >= BR_SCAN_WIDTH)
	{
#ifdef BR_SCAN_SSE2
		__m128i block = _mm_loadu_si128((const __m128i *) p);
		uint32 stops = (uint32) _mm_movemask_epi8(br_stops16(block));
		uint32 highs = _mm_movemask_epi8(block);

		if (stops != 0)
		{
			/* stops ^ (stops - 1): all bits up to the first stop */
			*high |= (highs & (stops ^ (stops - 1))) != 0;
			return p + pg_rightmost_one_pos32(stops);
		}
		*high |= highs != 0;
#else
		uint64		word;

		memcpy(&word, p, sizeof(word));
		if (br_stops8(word) != 0)
			break;
		*high |= (word & BR_EACH_BYTE(0x80)) != 0;
#endif
		p += BR_SCAN_WIDTH;
	}
	for (; p < end && !br_is_stop(*p); p++)
		*high |= (unsigned char) *p >= 0x80;
	return p;
}

/*
 * Whether the len bytes at p are those at text, of which the first 32 have a bit
 * in mask where they matter.  BR_MATCH_SPACE bytes must be readable at both.
 */
#define BR_MATCH_SPACE 64

static inline uint32
br_match_mask(int len)
{
	return len >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << len) - 1;
}

static inline bool
br_match(const char *p, const char *text, int len, uint32 mask)
{
#ifdef BR_SCAN_SSE2
	BrBlock		a = br_load32(p);
	BrBlock		b = br_load32(text);
	uint32		same = br_bits32(_mm_cmpeq_epi8(a.low, b.low),
								 _mm_cmpeq_epi8(a.high, b.high));

	/* no loop and no jump that depends on the length, as most are short */
	return (mask & ~same) == 0 &&
		(len <= 32 || memcmp(p + 32, text + 32, len - 32) == 0);
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
		((others & (others - 1)) == 0 && len > 1 && p[pg_rightmost_one_pos32(others)] == '.');
#else
	size_t		i;

	for (i = 0; i < len && p[i] >= '0' && p[i] <= '9'; i++)
		;
	return i == len && len > 0 && len <= 16 && p + len <= end;
#endif
}

#endif							/* BR_SCAN_H */
