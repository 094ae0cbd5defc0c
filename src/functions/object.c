/*
 * object.c
 *		Numbers as jsonb writes them: the shortest that reads back as the same double.
 */
#include "base/br.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "functions/object.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

void
br_object_begin(BrObject *object)
{
	object->state = NULL;
	pushJsonbValue(&object->state, WJB_BEGIN_OBJECT, NULL);
}

static void
add(BrObject *object, const char *key, JsonbValue *value)
{
	JsonbValue	name;

	name.type = jbvString;
	name.val.string.val = unconstify(char *, key);
	name.val.string.len = strlen(key);
	pushJsonbValue(&object->state, WJB_KEY, &name);
	pushJsonbValue(&object->state, WJB_VALUE, value);
}

void
br_object_number(BrObject *object, const char *key, double value)
{
	JsonbValue	number;
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	number.type = jbvNull;
	if (isfinite(value))
	{
		/* not float8_numeric(), which keeps 15 digits, nor float8out(), which follows a setting */
		double_to_shortest_decimal_buf(value, digits);
		number.type = jbvNumeric;
		number.val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
																 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	}
	add(object, key, &number);
}

void
br_object_integer(BrObject *object, const char *key, int64 value)
{
	JsonbValue	number;

	number.type = jbvNumeric;
	number.val.numeric = int64_to_numeric(value);
	add(object, key, &number);
}

void
br_object_bool(BrObject *object, const char *key, bool value)
{
	JsonbValue	boolean;

	boolean.type = jbvBool;
	boolean.val.boolean = value;
	add(object, key, &boolean);
}

void
br_object_text(BrObject *object, const char *key, const char *value)
{
	JsonbValue	text;

	text.type = jbvString;
	text.val.string.val = unconstify(char *, value);
	text.val.string.len = strlen(value);
	add(object, key, &text);
}

Jsonb *
br_object_end(BrObject *object)
{
	return JsonbValueToJsonb(pushJsonbValue(&object->state, WJB_END_OBJECT, NULL));
}

double
br_object_get_number(Jsonb *object, const char *key, bool *found)
{
	JsonbValue	buffer;
	JsonbValue *value = NULL;

	if (JB_ROOT_IS_OBJECT(object))
		value = getKeyJsonValueFromContainer(&object->root, key, strlen(key), &buffer);
	*found = value != NULL;
	if (value == NULL || value->type != jbvNumeric)
		return NAN;
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(value->val.numeric)));
}
