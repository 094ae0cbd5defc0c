/*
 * sigv4_driver.c
 *		Signs requests read from standard input, for sigv4_differential.py.
 *
 * Each line is a JSON document; the answer is a line with the value of the
 * Authorization header.
 */
#include "base/br.h"

#include <jansson.h>

#include "aws/sigv4.h"
#include "base/own.h"
#include "fe_alloc.h"

static const char *
text_of(json_t *request, const char *name)
{
	return json_string_value(json_object_get(request, name));
}

static void
sign(json_t *request)
{
	json_t	   *headers = json_object_get(request, "headers");
	json_t	   *body = json_object_get(request, "body");
	size_t		nheaders = json_array_size(headers);
	BrHeader   *list = palloc0(sizeof(BrHeader) * (nheaders + 1));
	BrSignable	signable = {0};
	BrScope		scope;
	StringInfoData out;
	uint8		key[BR_SHA256_LEN];
	size_t		i;

	for (i = 0; i < nheaders; i++)
	{
		json_t	   *pair = json_array_get(headers, i);

		list[i].name = json_string_value(json_array_get(pair, 0));
		list[i].value = json_string_value(json_array_get(pair, 1));
	}
	signable.method = text_of(request, "method");
	signable.path = text_of(request, "path");
	signable.query = text_of(request, "query");
	signable.nheaders = (int) nheaders;
	signable.headers = list;
	signable.body = json_string_value(body);
	signable.body_len = json_string_length(body);

	br_scope_set_time(&scope, json_integer_value(json_object_get(request, "time")));
	scope.region = text_of(request, "region");
	scope.service = text_of(request, "service");
	br_sigv4_signing_key(key, text_of(request, "secret_access_key"), &scope);
	initStringInfo(&out);
	br_sigv4_authorization(&out, &signable, &scope, text_of(request, "access_key_id"), key);
	puts(out.data);
}

int
main(void)
{
	char	   *line = NULL;
	size_t		size = 0;

	while (getline(&line, &size, stdin) > 0)
	{
		BrOwned    *request = br_own((BrFreeFn) json_decref);

		request->ptr = json_loads(line, JSON_ALLOW_NUL, NULL);
		if (request->ptr == NULL)
			return EXIT_FAILURE;
		sign(request->ptr);
		fe_reset();
	}
	free(line);
	return EXIT_SUCCESS;
}
