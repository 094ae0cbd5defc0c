/*
 * async.c
 *		Scans side by side: what an Append asks of each, and waits with.
 *
 * All requests of a backend move on whichever of them is waited for, so there
 * is little to do.  But what ends while others are served makes no descriptor
 * readable later: whoever was told "not yet" before that must not be waited for.
 */
#include "base/br.h"

#include "executor/execAsync.h"
#include "fdw/async.h"
#include "fdw/scan.h"
#include "io/client.h"
#include "io/http.h"
#include "nodes/execnodes.h"
#include "storage/latch.h"

/* A pushed-down join has one request, and waits for it. */
bool
br_is_path_async_capable(ForeignPath *path)
{
	return IS_SIMPLE_REL(path->path.parent);
}

void
br_async_request(AsyncRequest *areq)
{
	ForeignScanState *node = (ForeignScanState *) areq->requestee;
	TupleTableSlot *row = node->ss.ps.ExecProcNodeReal(&node->ss.ps);
	uint64		calls_done;

	if (!TupIsNull(row))
		ExecAsyncRequestDone(areq, row);
	else if (br_scan_waits(node, &calls_done))
		ExecAsyncRequestPending(areq);
	else
		ExecAsyncRequestDone(areq, NULL);
}

void
br_async_configure_wait(AsyncRequest *areq)
{
	ForeignScanState *node = (ForeignScanState *) areq->requestee;
	AppendState *append = (AppendState *) areq->requestor;
	uint64		calls_done;
	bool		waits = br_scan_waits(node, &calls_done);

	Assert(waits);
	br_mux_wait_begin(!waits || calls_done != br_calls_done(), append->as_syncdone);
	AddWaitEventToSet(append->as_eventset, WL_SOCKET_READABLE,
					  br_scan_descriptor(node), NULL, areq);
}

void
br_async_notify(AsyncRequest *areq)
{
	br_mux_wait_end();
	br_async_request(areq);
}
