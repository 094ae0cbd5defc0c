/*
 * async.h
 *		Scans side by side, under an Append.
 */
#ifndef BR_ASYNC_H
#define BR_ASYNC_H

#include "base/br.h"
#include "foreign/fdwapi.h"

extern bool br_is_path_async_capable(ForeignPath *path);
extern void br_async_request(AsyncRequest *areq);
extern void br_async_configure_wait(AsyncRequest *areq);
extern void br_async_notify(AsyncRequest *areq);

#endif							/* BR_ASYNC_H */
