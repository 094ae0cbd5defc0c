/*
 * fault.h
 *		Reading the service's error answers: which error, and could a retry help.
 */
#ifndef BR_FAULT_H
#define BR_FAULT_H

#include "base/br.h"
#include "base/error.h"

/*
 * Fills *err from an answer with an HTTP status other than 200. error_type is
 * the x-amzn-ErrorType header or NULL. The body may be anything, also empty or
 * HTML; the message is cut to one line of valid UTF-8 without control
 * characters. Always returns false.
 */
extern bool br_fault_parse(int http_status, const char *error_type,
						   const char *body, size_t len, BrError *err);

#endif							/* BR_FAULT_H */
