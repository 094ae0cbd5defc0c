/*
 * client.h
 *		One call of a DynamoDB operation: signed, sent, checked, repeated.
 *
 * A call is a state machine without a thread: signing, sending, checking the
 * checksum, classifying errors, waiting and sending again happen while somebody
 * pumps or waits for any call of the backend.  Who computes for long between
 * two answers calls br_calls_pump() now and then.
 */
#ifndef BR_CLIENT_H
#define BR_CLIENT_H

#include "base/br.h"
#include "base/counters.h"
#include "base/error.h"
#include "dynamodb/request.h"
#include "io/connection.h"

typedef struct BrCall BrCall;

/*
 * Starts a call, whose request is sent after delay_ms; never waits. The body is
 * copied. counters (may be NULL) are added to besides the connection's own and
 * must outlive the call. The call gets a context of its own below the current
 * one, whose reset aborts it.
 */
extern BrCall *br_call_start(BrConnection *conn, BrOperation op,
							 const char *body, size_t len, long delay_ms,
							 BrCounters *counters);

/* True once the answer, or the final error, is there. */
extern bool br_call_is_done(const BrCall *call);

/* Of a call that is done. On success *body lives until br_call_free(). */
extern bool br_call_result(BrCall *call, const char **body, size_t *len, BrError *err);

/*
 * Waits for the end (interruptible), and gives the result.  An answer that
 * nobody fetched for long (a paused cursor) is still taken if it is there; if
 * the service has given up meanwhile, the request is sent again without being
 * charged for it.
 */
extern bool br_call_wait(BrCall *call, const char **body, size_t *len, BrError *err);

/*
 * Of a call that is done: may an attempt that was not answered well have been
 * obeyed?  Then the answer, good or bad, may be about what the call itself did.
 */
extern bool br_call_is_uncertain(const BrCall *call);

/* What came with a final error; empty if nothing did. Lives until br_call_free(). */
extern void br_call_error_body(const BrCall *call, const char **body, size_t *len);

/* Adds to an error in the body of an answer which answer that was. */
extern void br_call_name_answer(const BrCall *call, BrError *err);

/* Aborts if still under way; its buffer is kept for the connection's next call. */
extern void br_call_free(BrCall *call);

/*
 * Moves all calls of the backend on: without waiting, or until something
 * happened (interruptible). Both may throw, also for want of memory.
 */
extern void br_calls_pump(void);
extern void br_calls_wait(void);

/*
 * For those who wait for any of several calls: the number of calls that are
 * done.  Who finds that none of his is, waits until the number is another one
 * than before he looked, since calls also end while others are started.
 */
extern uint64 br_calls_done(void);
extern void br_calls_wait_beyond(uint64 done);

#endif							/* BR_CLIENT_H */
