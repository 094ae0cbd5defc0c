/*
 * connect.h
 *		The connection of a server for a user, from their options.
 */
#ifndef BR_CONNECT_H
#define BR_CONNECT_H

#include "base/br.h"
#include "io/connection.h"

/*
 * Held by the current memory context. Makes no request. Raises an error where
 * region or credentials are missing.
 */
extern BrConnection *br_connect(Oid server_id, Oid user_id);

#endif							/* BR_CONNECT_H */
