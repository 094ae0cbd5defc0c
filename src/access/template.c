/*
 * template.c
 *		Key templates: parsing them, and cutting and making keys by them.
 */
#include "base/br.h"

#include "access/entity.h"
#include "access/template.h"
#include "base/array.h"

static bool
text_equal(BrText a, BrText b)
{
	return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static bool
text_begins(BrText text, BrText prefix)
{
	/* most texts differ in their first byte, or prefixes have no other */
	return text.len >= prefix.len && prefix.len > 0 && text.ptr[0] == prefix.ptr[0] &&
		memcmp(text.ptr + 1, prefix.ptr + 1, prefix.len - 1) == 0;
}

/* Optional minus, then 0 or digits that do not start with 0; at most 18. */
static bool
is_canonical_integer(BrText value)
{
	const char *p = value.ptr;
	size_t		ndigits = value.len;

	if (ndigits > 0 && *p == '-')
	{
		p++;
		ndigits--;
	}
	if (ndigits == 0 || ndigits > 18)
		return false;
	if (*p == '0')
		return value.len == 1;
	for (size_t i = 0; i < ndigits; i++)
	{
		if (p[i] < '0' || p[i] > '9')
			return false;
	}
	return true;
}

static bool
is_choice(const BrVariable *var, BrText value)
{
	for (const char *const *choice = var->choices; *choice != NULL; choice++)
	{
		if (strlen(*choice) == value.len && memcmp(*choice, value.ptr, value.len) == 0)
			return true;
	}
	return false;
}

static bool
variable_accepts(const BrVariable *var, BrText value)
{
	switch (var->kind)
	{
		case BR_VAR_TEXT:
			return true;
		case BR_VAR_INTEGER:
			return is_canonical_integer(value);
		case BR_VAR_CHOICE:
			return is_choice(var, value);
	}
	return false;
}

int
br_variable_find(const BrVariables *vars, const char *name)
{
	for (int i = 0; i < vars->n; i++)
	{
		if (strcmp(vars->list[i].name, name) == 0)
			return i;
	}
	return -1;
}

/* Finds or adds the variable; -1 if there are too many. */
static int
intern_variable(BrVariables *vars, const char *name)
{
	int			found = br_variable_find(vars, name);

	if (found >= 0 || vars->n == BR_MAX_VARIABLES)
		return found;
	vars->list[vars->n] = br_variable_known(name);
	return vars->n++;
}

static void
add_part(BrTemplate *template, BrText literal, int variable)
{
	template->parts = br_array_grow(template->parts, template->nparts, sizeof(BrPart));
	template->parts[template->nparts++] = (BrPart) {literal, variable};
}

bool
br_template_parse(const char *text, BrVariables *vars,
				  BrTemplate *template, BrError *err)
{
	const char *p = text;

	template->nparts = 0;
	template->parts = NULL;
	while (*p != '\0')
	{
		size_t		len = strcspn(p, "{}");
		const char *close;
		int			variable;

		if (len > 0)
		{
			add_part(template, (BrText) {p, len}, -1);
			p += len;
			continue;
		}
		close = *p == '{' ? strchr(p, '}') : NULL;
		if (close == NULL || close == p + 1)
			return br_error(err, BR_ERR_CONFIG,
							"template \"%s\" has an unmatched or empty brace", text);
		if (template->nparts > 0 &&
			template->parts[template->nparts - 1].variable >= 0)
			return br_error(err, BR_ERR_CONFIG,
							"template \"%s\" has two variables with nothing between them",
							text);
		variable = intern_variable(vars, pnstrdup(p + 1, close - p - 1));
		if (variable < 0)
			return br_error(err, BR_ERR_CONFIG,
							"template \"%s\" has too many variables", text);
		add_part(template, (BrText) {NULL, 0}, variable);
		p = close + 1;
	}
	if (template->nparts == 0)
		return br_error(err, BR_ERR_CONFIG, "template is empty");
	return true;
}

static bool
assign(const BrVariables *vars, int variable, BrText value, BrText *values)
{
	if (!variable_accepts(&vars->list[variable], value))
		return false;
	if (values[variable].ptr != NULL)
		return text_equal(values[variable], value);
	values[variable] = value;
	return true;
}

/* Does a legal value of this choice, and what must follow it, stand here? */
static bool
choice_stands_at(const BrVariable *var, const BrPart *after, BrText rest)
{
	for (const char *const *choice = var->choices; *choice != NULL; choice++)
	{
		BrText		value = {*choice, strlen(*choice)};

		if (text_begins(rest, value))
		{
			BrText		behind = {rest.ptr + value.len, rest.len - value.len};

			if (after == NULL ? behind.len == 0 : text_begins(behind, after->literal))
				return true;
		}
	}
	return false;
}

/*
 * Where the variable at parts[0] ends in text: at the literal parts[1], and if
 * parts[2] is a choice, where that stands behind it.  -1: nowhere.
 */
static ssize_t
variable_end(const BrPart *parts, int nparts, const BrVariables *vars, BrText text)
{
	BrText		literal = parts[1].literal;
	const BrVariable *next = &vars->list[parts[2].variable];

	for (size_t i = 0; i < text.len; i++)
	{
		const char *at = memchr(text.ptr + i, literal.ptr[0], text.len - i);
		BrText		rest;

		if (at == NULL)
			return -1;
		i = at - text.ptr;
		rest = (BrText) {at, text.len - i};
		if (!text_begins(rest, literal))
			continue;
		if (next->kind != BR_VAR_CHOICE)
			return i;
		rest.ptr += literal.len;
		rest.len -= literal.len;
		if (choice_stands_at(next, nparts > 3 ? &parts[3] : NULL, rest))
			return i;
	}
	return -1;
}

/* Where the last occurrence of literal in text begins, -1: nowhere. */
static ssize_t
last_occurrence(BrText text, BrText literal)
{
	for (ssize_t i = (ssize_t) text.len - (ssize_t) literal.len; i >= 0; i--)
	{
		if (text.ptr[i] == literal.ptr[0] &&
			memcmp(text.ptr + i, literal.ptr, literal.len) == 0)
			return i;
	}
	return -1;
}

bool
br_template_decode(const BrTemplate *template, const BrVariables *vars,
				   BrText key, BrText *values)
{
	const BrPart *parts = template->parts;
	int			nparts = template->nparts;

	/* the literals at both ends */
	if (nparts > 0 && parts[0].variable < 0)
	{
		if (!text_begins(key, parts[0].literal))
			return false;
		key.ptr += parts[0].literal.len;
		key.len -= parts[0].literal.len;
		parts++;
		nparts--;
	}
	if (nparts > 0 && parts[nparts - 1].variable < 0)
	{
		BrText		literal = parts[nparts - 1].literal;

		if (key.len < literal.len ||
			memcmp(key.ptr + key.len - literal.len, literal.ptr, literal.len) != 0)
			return false;
		key.len -= literal.len;
		nparts--;
	}
	if (nparts == 0)
		return key.len == 0;

	/* a last variable that is no free text is cut off from the right */
	if (nparts >= 3 && vars->list[parts[nparts - 1].variable].kind != BR_VAR_TEXT)
	{
		BrText		literal = parts[nparts - 2].literal;
		ssize_t		at = last_occurrence(key, literal);
		BrText		value;

		if (at < 0)
			return false;
		value = (BrText) {key.ptr + at + literal.len, key.len - at - literal.len};
		if (!assign(vars, parts[nparts - 1].variable, value, values))
			return false;
		key.len = at;
		nparts -= 2;
	}

	/* the others from the left */
	while (nparts >= 3)
	{
		ssize_t		end = variable_end(parts, nparts, vars, key);
		size_t		skip;

		if (end < 0 ||
			!assign(vars, parts[0].variable, (BrText) {key.ptr, end}, values))
			return false;
		skip = end + parts[1].literal.len;
		key.ptr += skip;
		key.len -= skip;
		parts += 2;
		nparts -= 2;
	}
	return assign(vars, parts[0].variable, key, values);
}

bool
br_template_compile(const BrTemplate *template, const BrVariables *vars,
					const BrText *values, StringInfo key)
{
	int			start = key->len;
	BrText		back[BR_MAX_VARIABLES] = {0};
	BrText		made;

	for (int i = 0; i < template->nparts; i++)
	{
		const BrPart *part = &template->parts[i];
		BrText		text = part->variable < 0 ? part->literal : values[part->variable];

		appendBinaryStringInfo(key, text.ptr, text.len);
	}

	made = (BrText) {key->data + start, key->len - start};
	if (!br_template_decode(template, vars, made, back))
		return false;
	for (int i = 0; i < template->nparts; i++)
	{
		int			var = template->parts[i].variable;

		if (var >= 0 && !text_equal(values[var], back[var]))
			return false;
	}
	return true;
}

bool
br_template_prefix(const BrTemplate *template, const BrVariables *vars,
				   const BrText *values, const BrText *prefixes,
				   StringInfo prefix)
{
	for (int i = 0; i < template->nparts; i++)
	{
		const BrPart *part = &template->parts[i];
		BrText		text = part->literal;

		if (part->variable >= 0)
		{
			text = values[part->variable];
			if (text.ptr == NULL)
			{
				text = prefixes[part->variable];
				if (text.ptr != NULL)
					appendBinaryStringInfo(prefix, text.ptr, text.len);
				return true;
			}
			if (!variable_accepts(&vars->list[part->variable], text))
				return false;
		}
		appendBinaryStringInfo(prefix, text.ptr, text.len);
	}
	return true;
}

bool
br_template_is_complete(const BrTemplate *template, const BrText *values)
{
	for (int i = 0; i < template->nparts; i++)
	{
		int			variable = template->parts[i].variable;

		if (variable >= 0 && values[variable].ptr == NULL)
			return false;
	}
	return true;
}

void
br_template_describe(const BrTemplate *template, const BrVariables *vars,
					 const BrText *values, StringInfo out)
{
	for (int i = 0; i < template->nparts; i++)
	{
		const BrPart *part = &template->parts[i];

		if (part->variable < 0)
			appendBinaryStringInfo(out, part->literal.ptr, part->literal.len);
		else if (values[part->variable].ptr != NULL)
			appendBinaryStringInfo(out, values[part->variable].ptr,
								   values[part->variable].len);
		else
			appendStringInfo(out, "{%s}", vars->list[part->variable].name);
	}
}
