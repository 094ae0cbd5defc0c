/*
 * entity.c
 *		The entities of the benchmark table, as data.
 */
#include "base/br.h"

#include "access/entity.h"

static const BrEntity entities[] = {
	{
		"test_runs", "test-run",
		"TESTRUN#{testRunId}", "TESTRUN#{testRunId}",
		1.0 / 94669
	},
	{
		"aggregates", "aggregate",
		"TESTRUN#{testRunId}", "AGGREGATE#{configId}#{invocationType}",
		588.0 / 94669
	},
	{
		"results", "result",
		"{testRunId}#{configId}", "{invocationType}#{invocationNumber}",
		94080.0 / 94669
	},
	{
		"items", NULL,
		NULL, NULL,
		1.0
	}
};

/* DOCUMENT# begins the parts of stored result documents. */
static const char *const reserved_prefixes[] = {"TESTRUN#", "DOCUMENT#", NULL};

static const char *const invocation_types[] = {"cold", "warm", NULL};
static const char *const architectures[] = {"arm64", "x86", NULL};

static const BrVariable known_variables[] = {
	{"invocationType", BR_VAR_CHOICE, invocation_types},
	{"invocationNumber", BR_VAR_INTEGER, NULL},
	{"architecture", BR_VAR_CHOICE, architectures},
	{"memorySizeMB", BR_VAR_INTEGER, NULL}
};

/* "balanced" is in no description, but the suite writes it. */
static const char *const status_values[] = {"in_progress", "completed", "failed", NULL};
static const char *const mode_values[] = {"test", "balanced", "production", NULL};

static const BrVocabulary run_vocabularies[] = {
	{"status", status_values},
	{"mode", mode_values},
	{NULL, NULL}
};

const BrVocabulary *
br_entity_vocabularies(const BrEntity *entity)
{
	static const BrVocabulary none[] = {{NULL, NULL}};

	return entity != NULL && strcmp(entity->name, "test_runs") == 0 ? run_vocabularies : none;
}

const BrEntity *
br_entity_find(const char *name)
{
	for (int i = 0; i < (int) lengthof(entities); i++)
	{
		if (strcmp(entities[i].name, name) == 0)
			return &entities[i];
	}
	return NULL;
}

const BrEntity *
br_entity_next(const BrEntity *entity)
{
	int			next = entity == NULL ? 0 : entity - entities + 1;

	return next < (int) lengthof(entities) ? &entities[next] : NULL;
}

const char *const *
br_entity_reserved_prefixes(void)
{
	return reserved_prefixes;
}

BrVariable
br_variable_known(const char *name)
{
	BrVariable	other = {name, BR_VAR_TEXT, NULL};

	for (int i = 0; i < (int) lengthof(known_variables); i++)
	{
		if (strcmp(known_variables[i].name, name) == 0)
			return known_variables[i];
	}
	return other;
}
