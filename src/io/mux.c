/*
 * mux.c
 *		The one place that waits: descriptors, timers, latch, postmaster death.
 *
 * The sockets of all transfers and one timerfd stand in one epoll descriptor;
 * that one, the latch and postmaster death stand in one WaitEventSet.  Both
 * are made at the first use in the backend (made before the fork, they would
 * be shared with other backends) and kept for its life: making a set for each
 * wait would cost more than the wait, and before PostgreSQL 17 an error would
 * leak it.
 */
#include "base/br.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/compat.h"
#include "io/http.h"
#include "io/mux.h"
#include "storage/fd.h"

#define EVENTS_PER_ROUND	16

/*
 * A pump ends after so many rounds even if more is ready, so that a fast
 * server cannot keep the backend from serving interrupts.
 */
#define ROUNDS_PER_PUMP		16

/* A shorter gap between two pumps is just a busy backend. */
#define UNPUMPED_MIN_US		INT64CONST(1000000)

/* The id that no watcher has. */
#define TIMER_ID			0

typedef struct Mux
{
	int			epoll_fd;		/* -1: not open */
	int			timer_fd;
	WaitEventSet *wait_set;		/* NULL until the first wait */
	uint32		wait_event;
	int64		armed_us;		/* when timer_fd will be readable, 0: not set */
	BrTimer    *timers;			/* by deadline */
	BrWatcher  *watchers;
	uint32		last_id;
	int64		last_pump_us;
	int64		unpumped_us;
	bool		waiting;		/* elsewhere, since last_pump_us */
} Mux;

static Mux	mux = {.epoll_fd = -1,.timer_fd = -1};

int64
br_monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Opening */

static int
open_epoll(void)
{
	return epoll_create1(EPOLL_CLOEXEC);
}

static int
open_timer(void)
{
	struct epoll_event event = {.events = EPOLLIN,.data.u64 = (uint64) TIMER_ID << 32};
	int			fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	if (fd >= 0 && epoll_ctl(mux.epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
	{
		int			saved = errno;

		close(fd);
		errno = saved;
		fd = -1;
	}
	return fd;
}

static bool
open_counted(int *fd, int (*open_fn) (void), BrError *err)
{
	if (*fd >= 0)
		return true;
	if (!AcquireExternalFD())
		return br_error(err, BR_ERR_LIMIT, "too many open files in this backend");
	*fd = open_fn();
	if (*fd >= 0)
		return true;
	br_error(err, BR_ERR_LIMIT, "could not create a descriptor to wait with: %s",
			 strerror(errno));
	ReleaseExternalFD();
	return false;
}

bool
br_mux_open(BrError *err)
{
	return open_counted(&mux.epoll_fd, open_epoll, err) &&
		open_counted(&mux.timer_fd, open_timer, err);
}

/* The mux must be open.  Throws, but then leaves nothing behind. */
static void
make_wait_set(void)
{
	WaitEventSet *set;

	mux.wait_event = br_wait_event_new("BenchresultsRequest");
	set = br_session_wait_event_set(3);
	PG_TRY();
	{
		AddWaitEventToSet(set, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, NULL);
		if (IsUnderPostmaster)	/* not in single-user mode */
			AddWaitEventToSet(set, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, NULL, NULL);
		AddWaitEventToSet(set, WL_SOCKET_READABLE, mux.epoll_fd, NULL, NULL);
	}
	PG_CATCH();
	{
		FreeWaitEventSet(set);
		PG_RE_THROW();
	}
	PG_END_TRY();
	mux.wait_set = set;
}

/* Watchers */

void
br_watcher_add(BrWatcher *watcher)
{
	watcher->id = ++mux.last_id;
	watcher->next = mux.watchers;
	mux.watchers = watcher;
}

void
br_watcher_remove(BrWatcher *watcher)
{
	BrWatcher **link = &mux.watchers;

	while (*link != watcher)
		link = &(*link)->next;
	*link = watcher->next;
}

bool
br_watcher_set(BrWatcher *watcher, int fd, uint32 events, bool known)
{
	struct epoll_event event = {0};

	if (events == 0)
	{
		/* Fails if fd is closed already, and then there is nothing to do. */
		(void) epoll_ctl(mux.epoll_fd, EPOLL_CTL_DEL, fd, &event);
		return true;
	}
	event.events = events;
	event.data.u64 = (uint64) watcher->id << 32 | (uint32) fd;
	return epoll_ctl(mux.epoll_fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) == 0;
}

/*
 * The watcher is looked up and not stored in the event, since a watcher served
 * earlier in the same round may have removed it.
 */
static void
dispatch(const struct epoll_event *event)
{
	uint32		id = event->data.u64 >> 32;
	BrWatcher  *watcher;

	if (id == TIMER_ID)
	{
		uint64		expirations;

		if (read(mux.timer_fd, &expirations, sizeof(expirations)) > 0)
			mux.armed_us = 0;
		return;
	}
	for (watcher = mux.watchers; watcher != NULL; watcher = watcher->next)
	{
		if (watcher->id == id)
		{
			watcher->ready(watcher, (int) (uint32) event->data.u64, event->events);
			return;
		}
	}
}

/* Timers */

void
br_timer_stop(BrTimer *timer)
{
	BrTimer   **link = &mux.timers;

	if (timer->deadline_us == 0)
		return;
	while (*link != timer)
		link = &(*link)->next;
	*link = timer->next;
	timer->deadline_us = 0;
}

/* Only the list is changed here; the next pump or wait sets the timerfd. */
void
br_timer_start(BrTimer *timer, long delay_ms)
{
	BrTimer   **link = &mux.timers;

	br_timer_stop(timer);
	timer->deadline_us = br_monotonic_us() + (int64) delay_ms * 1000;
	while (*link != NULL && (*link)->deadline_us <= timer->deadline_us)
		link = &(*link)->next;
	timer->next = *link;
	*link = timer;
}

static bool
fire_due_timers(void)
{
	int64		now;
	bool		any = false;

	if (mux.timers == NULL)
		return false;
	now = br_monotonic_us();
	while (mux.timers != NULL && mux.timers->deadline_us <= now)
	{
		BrTimer    *timer = mux.timers;

		br_timer_stop(timer);
		timer->fire(timer, timer->arg);
		any = true;
	}
	return any;
}

/*
 * A timerfd that is set too early costs one empty wake-up, setting it costs a
 * system call for every request: so it is never set to a later time.
 */
static void
arm_timer_fd_for(int64 at)
{
	struct itimerspec spec = {0};

	at = Max(at, 1);			/* 0 would disarm it */
	if (mux.armed_us != 0 && mux.armed_us <= at)
		return;
	spec.it_value.tv_sec = at / 1000000;
	spec.it_value.tv_nsec = (at % 1000000) * 1000;
	(void) timerfd_settime(mux.timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
	mux.armed_us = at;
}

static void
arm_timer_fd(void)
{
	if (mux.timers != NULL)
		arm_timer_fd_for(mux.timers->deadline_us);
}

/* Pumping and waiting */

int64
br_mux_unpumped_us(void)
{
	int64		now = br_monotonic_us();

	if (mux.last_pump_us != 0 && now - mux.last_pump_us > UNPUMPED_MIN_US)
		mux.unpumped_us += now - mux.last_pump_us;
	mux.last_pump_us = now;
	mux.waiting = false;
	return mux.unpumped_us;
}

/*
 * In each round sockets come before timers, so that an answer that is there is
 * taken, however late we look.
 */
void
br_mux_pump(void)
{
	sigset_t	saved;
	int			round;

	if (mux.timer_fd < 0)
		return;
	br_signals_block(&saved);
	(void) br_mux_unpumped_us();
	for (round = 0; round < ROUNDS_PER_PUMP; round++)
	{
		struct epoll_event events[EVENTS_PER_ROUND];
		int			nevents = epoll_wait(mux.epoll_fd, events, EVENTS_PER_ROUND, 0);
		int			i;

		for (i = 0; i < nevents; i++)
			dispatch(&events[i]);
		if (!fire_due_timers() && nevents <= 0)
			break;
	}
	arm_timer_fd();
	br_signals_restore(&saved);
}

void
br_mux_wait(void)
{
	WaitEvent	event;

	Assert(mux.timer_fd >= 0);
	if (mux.wait_set == NULL)
		make_wait_set();
	arm_timer_fd();
	(void) br_mux_unpumped_us();
	(void) WaitEventSetWait(mux.wait_set, -1, &event, 1, mux.wait_event);
	mux.last_pump_us = br_monotonic_us();
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
	br_mux_pump();
}

/* Waiting elsewhere */

int
br_mux_descriptor_open(BrError *err)
{
	int			fd;

	Assert(mux.timer_fd >= 0);
	if (!AcquireExternalFD())
	{
		br_error(err, BR_ERR_LIMIT, "too many open files in this backend");
		return -1;
	}
	fd = fcntl(mux.epoll_fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
	{
		br_error(err, BR_ERR_LIMIT, "could not create a descriptor to wait with: %s",
				 strerror(errno));
		ReleaseExternalFD();
	}
	return fd;
}

void
br_mux_descriptor_close(int fd)
{
	close(fd);
	ReleaseExternalFD();
}

/* The time since another wait began was spent in it, if nothing happened since. */
void
br_mux_wait_begin(bool at_once, bool for_long)
{
	if (at_once)
		arm_timer_fd_for(0);
	arm_timer_fd();
	if (mux.waiting)
		br_mux_wait_end();
	(void) br_mux_unpumped_us();
	mux.waiting = for_long;
}

void
br_mux_wait_end(void)
{
	mux.last_pump_us = br_monotonic_us();
}
