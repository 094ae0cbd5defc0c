/*
 * test_page_portable.c
 *		test_page_oracle.c for machines without SSE2.
 *
 * The decoder is compiled once more, into this program, with the loops of scan.h
 * that need no special registers.
 */
#define BR_NO_SIMD

#include "dynamodb/item.c"
#include "dynamodb/json.c"
#include "dynamodb/page.c"
#include "dynamodb/value.c"
#include "dynamodb/wanted.c"

#include "test_page_oracle.c"
