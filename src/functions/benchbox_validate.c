/*
 * benchbox_validate.c
 *		The validator of BenchBox documents as functions of SQL.
 *
 * Documents of type text are checked as they are written, those of type jsonb as
 * jsonb writes them: what is odd about the text is gone by then.
 */
#include "base/br.h"

#include "access/detoast.h"
#include "benchbox/document.h"
#include "benchbox/schema.h"
#include "benchbox/validate.h"
#include "fmgr.h"
#include "funcapi.h"
#include "functions/row.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(benchbox_schema_version);
PG_FUNCTION_INFO_V1(benchbox_validate);
PG_FUNCTION_INFO_V1(benchbox_validate_jsonb);
PG_FUNCTION_INFO_V1(benchbox_is_valid);
PG_FUNCTION_INFO_V1(benchbox_is_valid_jsonb);

static _Noreturn void
refuse(const char *message)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%s", message)));
}

static _Noreturn void
refuse_length(void)
{
	refuse(psprintf("the document is longer than %d MB", BR_DOCUMENT_MAX_BYTES / (1024 * 1024)));
}

/* Before a long value is read or unpacked. */
static void
check_size(Datum value)
{
	if (toast_raw_datum_size(value) > BR_DOCUMENT_MAX_BYTES + VARHDRSZ)
		refuse_length();
}

static BrFindings
validate(const char *text, int len)
{
	BrFindings	findings;
	BrError		err;
	char	   *utf8 = pg_server_to_any(text, len, PG_UTF8);

	if (!br_benchbox_validate(utf8, utf8 != text ? strlen(utf8) : len, &findings, &err))
		refuse(err.message);
	return findings;
}

static BrFindings
validate_text(Datum value)
{
	text	   *document;

	check_size(value);
	document = DatumGetTextPP(value);
	return validate(VARDATA_ANY(document), VARSIZE_ANY_EXHDR(document));
}

/* jsonb holds 1e131071 in ten bytes, and writes it in 131,072. */
static void
check_numbers(Jsonb *document)
{
	JsonbIterator *it = JsonbIteratorInit(&document->root);
	JsonbValue	value;
	JsonbIteratorToken token;
	int64		len = 0;

	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		char	   *digits;

		if ((token != WJB_VALUE && token != WJB_ELEM) || value.type != jbvNumeric)
			continue;
		CHECK_FOR_INTERRUPTS();
		digits = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value.val.numeric)));
		len += strlen(digits);
		pfree(digits);
		if (len > BR_DOCUMENT_MAX_BYTES)
			refuse_length();
	}
}

static BrFindings
validate_jsonb(Datum value)
{
	Jsonb	   *document;
	StringInfoData out;

	check_size(value);
	document = DatumGetJsonbP(value);
	check_numbers(document);
	initStringInfo(&out);
	JsonbToCString(&out, &document->root, VARSIZE(document));
	return validate(out.data, out.len);
}

/* A text of a finding in the database's encoding: names and values came from there. */
static void
put_text(BrRow *row, const char *utf8)
{
	br_row_text(row, pg_any_to_server(utf8, strlen(utf8), PG_UTF8));
}

static Datum
put_findings(FunctionCallInfo fcinfo, const BrFindings *findings)
{
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < findings->n; i++)
	{
		BrRow		row = {0};

		put_text(&row, findings->list[i].path);
		br_row_text(&row, br_severity_name(findings->list[i].severity));
		br_row_text(&row, findings->list[i].code);
		put_text(&row, findings->list[i].message);
		br_row_put(fcinfo, &row);
	}
	return (Datum) 0;
}

/* benchbox_schema_version() -> the version that is written and checked */
Datum
benchbox_schema_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(BR_BENCHBOX_SCHEMA_VERSION));
}

/* benchbox_validate(text) -> path, severity, code, message of each finding */
Datum
benchbox_validate(PG_FUNCTION_ARGS)
{
	BrFindings	findings = validate_text(PG_GETARG_DATUM(0));

	return put_findings(fcinfo, &findings);
}

/* benchbox_validate(jsonb) */
Datum
benchbox_validate_jsonb(PG_FUNCTION_ARGS)
{
	BrFindings	findings = validate_jsonb(PG_GETARG_DATUM(0));

	return put_findings(fcinfo, &findings);
}

/* benchbox_is_valid(text) -> whether there is no error */
Datum
benchbox_is_valid(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(validate_text(PG_GETARG_DATUM(0)).counts[BR_FINDING_ERROR] == 0);
}

/* benchbox_is_valid(jsonb) */
Datum
benchbox_is_valid_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(validate_jsonb(PG_GETARG_DATUM(0)).counts[BR_FINDING_ERROR] == 0);
}
