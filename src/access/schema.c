/*
 * schema.c
 *		Keys of a table, read by its templates.
 */
#include "base/br.h"

#include "access/schema.h"

/* The template {name} of a key that stands for itself. */
static bool
identity_template(const char *name, BrVariables *vars, BrTemplate *template, BrError *err)
{
	if (name == NULL)
	{
		template->nparts = 0;
		return true;
	}
	return br_template_parse(psprintf("{%s}", name), vars, template, err);
}

bool
br_schema_set_templates(BrSchema *schema, const char *pk_template,
						const char *sk_template, BrError *err)
{
	schema->vars.n = 0;
	schema->reserved = NULL;
	if (pk_template == NULL
		? !identity_template(schema->pk_name, &schema->vars, &schema->pk, err)
		: !br_template_parse(pk_template, &schema->vars, &schema->pk, err))
		return false;
	if (sk_template == NULL
		? !identity_template(schema->sk_name, &schema->vars, &schema->sk, err)
		: !br_template_parse(sk_template, &schema->vars, &schema->sk, err))
		return false;
	if (schema->entity != NULL && schema->entity->pk_template != NULL &&
		schema->pk.parts[0].variable >= 0)
		schema->reserved = br_entity_reserved_prefixes();
	return true;
}

bool
br_schema_set_config(BrSchema *schema, const char *config_template, BrError *err)
{
	schema->config_vars.n = 0;
	schema->config_var = -1;
	if (config_template == NULL)
		return true;
	schema->config_var = br_variable_find(&schema->vars, "configId");
	if (schema->config_var < 0)
		return true;
	return br_template_parse(config_template, &schema->config_vars,
							 &schema->config, err);
}

bool
br_schema_reserves(const BrSchema *schema, BrText pk)
{
	if (schema->reserved == NULL)
		return false;
	for (const char *const *prefix = schema->reserved; *prefix != NULL; prefix++)
	{
		size_t		len = strlen(*prefix);

		if (pk.len >= len && memcmp(pk.ptr, *prefix, len) == 0)
			return true;
	}
	return false;
}

/* Does the template begin with a literal that the key lacks? */
static bool
lacks_literal(const BrTemplate *template, BrText key)
{
	const BrText *literal = template->nparts > 0 ? &template->parts[0].literal : NULL;

	return literal != NULL && template->parts[0].variable < 0 &&
		(key.len < literal->len || memcmp(key.ptr, literal->ptr, literal->len) != 0);
}

bool
br_schema_admits(const BrSchema *schema, BrText pk, BrText sk)
{
	return !br_schema_reserves(schema, pk) && !lacks_literal(&schema->pk, pk) &&
		!lacks_literal(&schema->sk, sk);
}

bool
br_schema_decode(const BrSchema *schema, BrText pk, BrText sk, BrText *values)
{
	BrText	   *dimensions = values + schema->vars.n;

	memset(values, 0, sizeof(BrText) * br_schema_nvalues(schema));
	if (br_schema_reserves(schema, pk) ||
		!br_template_decode(&schema->pk, &schema->vars, pk, values))
		return false;
	if (schema->sk_name != NULL &&
		!br_template_decode(&schema->sk, &schema->vars, sk, values))
		return false;
	if (schema->config_var < 0 ||
		br_template_decode(&schema->config, &schema->config_vars,
						   values[schema->config_var], dimensions))
		return true;
	memset(dimensions, 0, sizeof(BrText) * schema->config_vars.n);
	return !schema->config_required;
}

/* The first variable of a template that is not known, -1: all are. */
static int
first_unknown(const BrTemplate *template, const BrText *values)
{
	for (int i = 0; i < template->nparts; i++)
	{
		int			variable = template->parts[i].variable;

		if (variable >= 0 && values[variable].ptr == NULL)
			return variable;
	}
	return -1;
}

/* configId from its dimensions, if all of them are known. */
static BrCompiled
compile_config(const BrSchema *schema, BrText *values, int *value)
{
	StringInfoData config;

	*value = first_unknown(&schema->config, values + schema->vars.n);
	if (*value >= 0)
	{
		*value += schema->vars.n;
		return BR_COMPILED_UNKNOWN;
	}
	initStringInfo(&config);
	*value = schema->config_var;
	if (!br_template_compile(&schema->config, &schema->config_vars,
							 values + schema->vars.n, &config))
		return BR_COMPILED_IMPOSSIBLE;
	values[schema->config_var] = (BrText) {config.data, config.len};
	return BR_COMPILED;
}

/* The dimensions from configId, which those that are known must agree with. */
static BrCompiled
split_config(const BrSchema *schema, BrText *values, int *value)
{
	BrText		dimensions[BR_MAX_VARIABLES] = {0};
	bool		splits = br_template_decode(&schema->config, &schema->config_vars,
											values[schema->config_var], dimensions);

	*value = schema->config_var;
	if (!splits && schema->config_required)
		return BR_COMPILED_IMPOSSIBLE;
	for (int i = 0; i < schema->config_vars.n; i++)
	{
		BrText	   *known = &values[schema->vars.n + i];

		if (known->ptr == NULL)
		{
			if (splits)
				*known = dimensions[i];
		}
		else if (!splits || known->len != dimensions[i].len ||
				 memcmp(known->ptr, dimensions[i].ptr, known->len) != 0)
		{
			*value = schema->vars.n + i;
			return BR_COMPILED_CONTRADICTION;
		}
	}
	return BR_COMPILED;
}

BrCompiled
br_schema_compile(const BrSchema *schema, BrText *values,
				  StringInfo pk, StringInfo sk, int *value)
{
	BrCompiled	compiled = BR_COMPILED;

	if (schema->config_var >= 0)
		compiled = values[schema->config_var].ptr == NULL
			? compile_config(schema, values, value)
			: split_config(schema, values, value);
	if (compiled != BR_COMPILED)
		return compiled;
	*value = first_unknown(&schema->pk, values);
	if (*value < 0)
		*value = first_unknown(&schema->sk, values);
	if (*value >= 0)
		return BR_COMPILED_UNKNOWN;
	if (!br_template_compile(&schema->pk, &schema->vars, values, pk) ||
		(schema->sk.nparts > 0 &&
		 !br_template_compile(&schema->sk, &schema->vars, values, sk)) ||
		br_schema_reserves(schema, (BrText) {pk->data, pk->len}))
		return BR_COMPILED_IMPOSSIBLE;
	return BR_COMPILED;
}

int
br_schema_value_of(const BrSchema *schema, const char *attribute)
{
	int			found = br_variable_find(&schema->vars, attribute);

	if (found < 0 && schema->config_var >= 0)
	{
		found = br_variable_find(&schema->config_vars, attribute);
		if (found >= 0)
			found += schema->vars.n;
	}
	return found;
}

void
br_schema_narrow(BrSchema *schema, int value)
{
	BrVariable *var = value < schema->vars.n ? &schema->vars.list[value] :
		&schema->config_vars.list[value - schema->vars.n];

	if (var->kind == BR_VAR_TEXT)
		var->kind = BR_VAR_INTEGER;
}
