/*
 * vectors.c
 *		Files that tests read, above all the public test vectors.
 */
#include "base/br.h"

#include <errno.h>
#include <unistd.h>

#include "base/own.h"
#include "vectors.h"

char *
vectors_path(const char *name)
{
	const char *folder = getenv("BR_VECTORS");
	char	   *path;

	if (folder == NULL)
		folder = BR_SOURCE_DIR "/../shared/data/vectors";
	path = psprintf("%s/%s", folder, name);
	return access(path, R_OK) == 0 ? path : NULL;
}

char *
read_file(const char *path, size_t *len)
{
	FILE	   *file = fopen(path, "rb");
	StringInfoData data;
	char		chunk[8192];
	size_t		n;

	if (file == NULL)
	{
		fprintf(stderr, "could not open \"%s\": %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	initStringInfo(&data);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		appendBinaryStringInfo(&data, chunk, n);
	fclose(file);
	if (len != NULL)
		*len = data.len;
	return data.data;
}

json_t *
read_json(const char *path)
{
	BrOwned    *root = br_own((BrFreeFn) json_decref);
	json_error_t error;

	root->ptr = json_loads(read_file(path, NULL), JSON_ALLOW_NUL, &error);
	if (root->ptr == NULL)
	{
		fprintf(stderr, "\"%s\" line %d: %s\n", path, error.line, error.text);
		exit(EXIT_FAILURE);
	}
	return root->ptr;
}
