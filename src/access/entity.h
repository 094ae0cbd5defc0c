/*
 * entity.h
 *		The kinds of items that share the benchmark table.
 *
 * The keys decide what an item is: it belongs to an entity if both of its keys
 * have the form of the entity's templates.  The attribute itemType is not
 * asked, because the indexes of the live table do not project it.
 */
#ifndef BR_ENTITY_H
#define BR_ENTITY_H

#include "base/br.h"
#include "access/template.h"

typedef struct BrEntity
{
	const char *name;			/* as in the table option "entity" */
	const char *item_type;		/* what the attribute itemType says */
	const char *pk_template;	/* NULL: every item belongs to it */
	const char *sk_template;
	double		share;			/* of a table's items, as in a full run of 294
								 * configurations with 20 cold and 300 warm
								 * starts: 94,080 + 588 + 1 items */
} BrEntity;

/* What an attribute of an entity may be given; what is stored may be anything. */
typedef struct BrVocabulary
{
	const char *attribute;
	const char *const *values;	/* NULL-terminated */
} BrVocabulary;

/* Of an entity (NULL: none), ended by an attribute NULL. */
extern const BrVocabulary *br_entity_vocabularies(const BrEntity *entity);

/* NULL if there is none of this name. */
extern const BrEntity *br_entity_find(const char *name);

/* Walks all entities: start with NULL, ends with NULL. */
extern const BrEntity *br_entity_next(const BrEntity *entity);

/*
 * Where a partition key template begins with a variable, an item whose key
 * begins with the literal of another entity is not meant: NULL-terminated.
 */
extern const char *const *br_entity_reserved_prefixes(void);

/* Kind and choices of the variables with a fixed meaning; others are text. */
extern BrVariable br_variable_known(const char *name);

/* The template of configuration ids that the benchmark suite writes. */
#define BR_CONFIG_TEMPLATE	"{runtime}-{architecture}-{workloadType}-{memorySizeMB}"

/* What the configuration ids of BenchBox begin with, which have a form of their own. */
#define BR_BENCHBOX_CONFIG	"bb:"

#endif							/* BR_ENTITY_H */
