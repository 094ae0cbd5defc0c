/*
 * mux.h
 *		Inside of io: descriptors and timers for those who feed the mux.
 *
 * mux.c knows nothing of HTTP; it hands each event to the watcher that asked
 * for it.
 */
#ifndef BR_MUX_H
#define BR_MUX_H

#include "base/br.h"

#include <signal.h>

#include "base/error.h"
#include "io/http.h"

/* Somebody whose descriptors stand in the mux. */
typedef struct BrWatcher
{
	uint32		id;				/* set by br_watcher_add */
	void		(*ready) (struct BrWatcher *watcher, int fd, uint32 events);
	struct BrWatcher *next;
} BrWatcher;

/* Creates the descriptors at the first use; ereports nothing. */
extern bool br_mux_open(BrError *err);

extern void br_watcher_add(BrWatcher *watcher);
extern void br_watcher_remove(BrWatcher *watcher);

/* events as for epoll, 0: no longer. known: fd stands in the mux already. */
extern bool br_watcher_set(BrWatcher *watcher, int fd, uint32 events, bool known);

/*
 * Time that passed while nobody pumped, as with a paused cursor, summed up
 * over the backend's life.  It is nobody's fault: time limits that run in the
 * mux are extended by it.
 */
extern int64 br_mux_unpumped_us(void);

/*
 * All signals are blocked around calls of libcurl: a thread that it starts for
 * name resolution inherits the mask, so that no handler of PostgreSQL ever runs
 * in it, and no system call of it is interrupted.
 */
static inline void
br_signals_block(sigset_t *saved)
{
	sigset_t	all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, saved);
}

static inline void
br_signals_restore(const sigset_t *saved)
{
	pthread_sigmask(SIG_SETMASK, saved, NULL);
}

#endif							/* BR_MUX_H */
