/*
 * connection.c
 *		The cache of connections: found by mapping and parameters, counted,
 *		dropped when the catalogs say so.
 *
 * The parameters are compared at each request for a connection, so the
 * invalidation callbacks are not what makes ALTER effective; they make sure
 * that sockets and secrets of altered or dropped mappings do not stay.  They
 * only mark: a callback can come at any time, also in the middle of a call.
 * What is marked and unused is dropped at the next br_connection_get(), or when
 * its last user leaves.  A marked connection that is asked for again, since
 * what was altered does not concern it, stays.
 */
#include "base/br.h"

#include <openssl/crypto.h>

#include "base/own.h"
#include "io/connection.h"
#include "io/connection_private.h"
#include "storage/ipc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/*
 * Different parameters under one mapping come from options of single tables
 * and from settings, so there are few; but somebody may change a setting in a
 * loop.
 */
#define MAX_PER_MAPPING		4

/* A page of 1 MB, as DynamoDB counts, is rarely more than this in JSON. */
#define MAX_SPARE_BYTES		(8 * 1024 * 1024)

/* Stays for the backend's life, for the counters. */
typedef struct MappingEntry
{
	Oid			mapping_id;		/* must be first */
	Oid			server_id;
	uint32		mapping_hash;	/* as the invalidation callbacks name them */
	uint32		server_hash;
	dlist_head	connections;	/* the last used one first */
	BrCounters	counters;
} MappingEntry;

static HTAB *mappings = NULL;
static bool any_stale = false;

/* Ends */

static void
wipe(BrConnection *conn)
{
	OPENSSL_cleanse(unconstify(char *, conn->params.secret_access_key),
					strlen(conn->params.secret_access_key));
	if (conn->params.session_token != NULL)
		OPENSSL_cleanse(unconstify(char *, conn->params.session_token),
						strlen(conn->params.session_token));
	OPENSSL_cleanse(conn->signing_key, sizeof(conn->signing_key));
}

static void
drop(BrConnection *conn)
{
	int			i;

	Assert(conn->users == 0);
	dlist_delete(&conn->node);
	if (conn->pool != NULL)
		br_http_pool_destroy(conn->pool);
	for (i = 0; i < BR_SPARE_BUFFERS; i++)
		free(conn->spares[i].body);
	wipe(conn);
	MemoryContextDelete(conn->context);
}

/*
 * Calls fn for each connection, except for those of entries for which it does
 * not matter; fn may drop it.
 */
static void
foreach_connection(void (*fn) (MappingEntry *entry, BrConnection *conn, uint32 hash),
				   uint32 hash)
{
	HASH_SEQ_STATUS status;
	MappingEntry *entry;
	dlist_mutable_iter iter;

	hash_seq_init(&status, mappings);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		dlist_foreach_modify(iter, &entry->connections)
			fn(entry, dlist_container(BrConnection, node, iter.cur), hash);
	}
}

static void
drop_if_stale(MappingEntry *entry, BrConnection *conn, uint32 unused)
{
	if (conn->stale && conn->users == 0)
		drop(conn);
}

/* hash 0 means all. */
static void
mark_of_mapping(MappingEntry *entry, BrConnection *conn, uint32 hash)
{
	conn->stale |= hash == 0 || hash == entry->mapping_hash;
	any_stale |= conn->stale;
}

static void
mark_of_server(MappingEntry *entry, BrConnection *conn, uint32 hash)
{
	conn->stale |= hash == 0 || hash == entry->server_hash;
	any_stale |= conn->stale;
}

static void
catalog_changed(Datum arg, int cache_id, uint32 hash)
{
	foreach_connection(cache_id == USERMAPPINGOID ? mark_of_mapping : mark_of_server, hash);
}

static void
wipe_one(MappingEntry *entry, BrConnection *conn, uint32 unused)
{
	wipe(conn);
}

static void
wipe_at_exit(int code, Datum arg)
{
	foreach_connection(wipe_one, 0);
}

/* Making */

static void
init_cache(void)
{
	HASHCTL		control = {0};

	if (mappings != NULL)
		return;
	control.keysize = sizeof(Oid);
	control.entrysize = sizeof(MappingEntry);
	mappings = hash_create("benchresults mappings", 16, &control, HASH_ELEM | HASH_BLOBS);
	CacheRegisterSyscacheCallback(USERMAPPINGOID, catalog_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(FOREIGNSERVEROID, catalog_changed, (Datum) 0);
	on_proc_exit(wipe_at_exit, (Datum) 0);
}

static MappingEntry *
find_entry(const BrConnectionParams *params)
{
	uint32		mapping_hash;
	uint32		server_hash;
	MappingEntry *entry;

	init_cache();
	entry = hash_search(mappings, &params->mapping_id, HASH_FIND, NULL);
	if (entry != NULL)
		return entry;

	/* These may read catalogs, so they come before the entry can be seen. */
	mapping_hash = GetSysCacheHashValue1(USERMAPPINGOID, ObjectIdGetDatum(params->mapping_id));
	server_hash = GetSysCacheHashValue1(FOREIGNSERVEROID, ObjectIdGetDatum(params->server_id));

	entry = hash_search(mappings, &params->mapping_id, HASH_ENTER, NULL);
	entry->server_id = params->server_id;
	entry->mapping_hash = mapping_hash;
	entry->server_hash = server_hash;
	dlist_init(&entry->connections);
	memset(&entry->counters, 0, sizeof(entry->counters));
	return entry;
}

static const char *
copy_string(const char *string)
{
	return string != NULL ? pstrdup(string) : NULL;
}

static void
copy_params(BrConnectionParams *copy, const BrConnectionParams *params)
{
	*copy = *params;
	copy->endpoint.url = copy_string(params->endpoint.url);
	copy->endpoint.host = copy_string(params->endpoint.host);
	copy->endpoint.signing_region = copy_string(params->endpoint.signing_region);
	copy->access_key_id = copy_string(params->access_key_id);
	copy->secret_access_key = copy_string(params->secret_access_key);
	copy->session_token = copy_string(params->session_token);
	copy->ca_file = copy_string(params->ca_file);
	copy->proxy = copy_string(params->proxy);
}

static BrConnection *
make_connection(MappingEntry *entry, const BrConnectionParams *params)
{
	/* Belongs to the caller's context until nothing can fail any more. */
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "benchresults connection",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	BrConnection *conn = palloc0(sizeof(BrConnection));

	conn->context = context;
	conn->counters = &entry->counters;
	conn->quota.tokens = BR_RETRY_QUOTA_FULL;
	copy_params(&conn->params, params);
	MemoryContextSwitchTo(caller);
	MemoryContextSetParent(context, TopMemoryContext);
	dlist_push_head(&entry->connections, &conn->node);
	return conn;
}

/* Finding */

static bool
same_string(const char *a, const char *b)
{
	return (a == NULL || b == NULL) ? a == b : strcmp(a, b) == 0;
}

static bool
same_params(const BrConnectionParams *a, const BrConnectionParams *b)
{
	return a->server_id == b->server_id &&
		a->endpoint.tls == b->endpoint.tls &&
		same_string(a->endpoint.url, b->endpoint.url) &&
		same_string(a->endpoint.host, b->endpoint.host) &&
		same_string(a->endpoint.signing_region, b->endpoint.signing_region) &&
		same_string(a->access_key_id, b->access_key_id) &&
		same_string(a->secret_access_key, b->secret_access_key) &&
		same_string(a->session_token, b->session_token) &&
		a->connect_timeout_ms == b->connect_timeout_ms &&
		a->request_timeout_ms == b->request_timeout_ms &&
		a->max_attempts == b->max_attempts &&
		same_string(a->ca_file, b->ca_file) &&
		same_string(a->proxy, b->proxy);
}

static BrConnection *
find_connection(MappingEntry *entry, const BrConnectionParams *params)
{
	dlist_iter	iter;

	dlist_foreach(iter, &entry->connections)
	{
		BrConnection *conn = dlist_container(BrConnection, node, iter.cur);

		if (same_params(&conn->params, params))
		{
			dlist_move_head(&entry->connections, &conn->node);
			return conn;
		}
	}
	return NULL;
}

static void
drop_surplus(MappingEntry *entry)
{
	dlist_mutable_iter iter;
	int			seen = 0;

	dlist_foreach_modify(iter, &entry->connections)
	{
		BrConnection *conn = dlist_container(BrConnection, node, iter.cur);

		if (++seen > MAX_PER_MAPPING && conn->users == 0)
			drop(conn);
	}
}

static void
release_connection(void *conn)
{
	br_connection_release(conn);
}

BrConnection *
br_connection_get(const BrConnectionParams *params)
{
	BrOwned    *owner = br_own(release_connection);
	MappingEntry *entry = find_entry(params);
	BrConnection *conn = find_connection(entry, params);

	if (conn == NULL)
	{
		conn = make_connection(entry, params);
		drop_surplus(entry);
	}
	conn->stale = false;
	br_connection_hold(conn);
	owner->ptr = conn;
	if (any_stale)
	{
		any_stale = false;
		foreach_connection(drop_if_stale, 0);
	}
	return conn;
}

int
br_connection_max_attempts(const BrConnection *conn)
{
	return conn->params.max_attempts;
}

void
br_connection_foreach(void (*fn) (Oid server_id, Oid mapping_id,
								  const BrCounters *counters, void *arg),
					  void *arg)
{
	HASH_SEQ_STATUS status;
	MappingEntry *entry;

	if (mappings == NULL)
		return;
	hash_seq_init(&status, mappings);
	while ((entry = hash_seq_search(&status)) != NULL)
		fn(entry->server_id, entry->mapping_id, &entry->counters, arg);
}

/* Using */

void
br_connection_hold(BrConnection *conn)
{
	conn->users++;
}

void
br_connection_release(BrConnection *conn)
{
	if (--conn->users == 0 && conn->stale)
		drop(conn);
}

const uint8 *
br_connection_signing_key(BrConnection *conn, const BrScope *scope)
{
	if (strncmp(conn->key_day, scope->amz_date, sizeof(conn->key_day) - 1) != 0)
	{
		br_sigv4_signing_key(conn->signing_key, conn->params.secret_access_key, scope);
		strlcpy(conn->key_day, scope->amz_date, sizeof(conn->key_day));
	}
	return conn->signing_key;
}

void
br_connection_take_spare(BrConnection *conn, BrHttpResponse *spare)
{
	int			i;

	memset(spare, 0, sizeof(*spare));
	for (i = 0; i < BR_SPARE_BUFFERS; i++)
	{
		if (conn->spares[i].body != NULL)
		{
			spare->body = conn->spares[i].body;
			spare->capacity = conn->spares[i].capacity;
			conn->spares[i].body = NULL;
			return;
		}
	}
}

void
br_connection_keep_spare(BrConnection *conn, BrHttpResponse *spare)
{
	int			i;

	for (i = 0; i < BR_SPARE_BUFFERS && spare->capacity <= MAX_SPARE_BYTES; i++)
	{
		if (conn->spares[i].body == NULL)
		{
			conn->spares[i] = *spare;
			spare->body = NULL;
			return;
		}
	}
	free(spare->body);
	spare->body = NULL;
}
