/*
 * test_template.c
 *		Key templates: both ways, and each against the other.
 */
#include "base/br.h"

#include "access/entity.h"
#include "access/template.h"
#include "common/pg_prng.h"
#include "fe_alloc.h"
#include "tap.h"

static BrVariables vars;
static BrTemplate template;

static void
use_template(const char *text)
{
	BrError		err;

	vars.n = 0;
	ok(br_template_parse(text, &vars, &template, &err), "%s parses", text);
}

static BrText
txt(const char *s)
{
	return (BrText) {s, s ? strlen(s) : 0};
}

/* "a|b|c": the values in the order of the variables; NULL: does not decode. */
static const char *
decoded(const char *key)
{
	BrText		values[BR_MAX_VARIABLES] = {0};
	StringInfoData out;

	if (!br_template_decode(&template, &vars, txt(key), values))
		return NULL;
	initStringInfo(&out);
	for (int i = 0; i < vars.n; i++)
		appendStringInfo(&out, "%s%.*s", i > 0 ? "|" : "",
						 (int) values[i].len, values[i].ptr);
	return out.data;
}

static const char *
compiled(const char *a, const char *b, const char *c)
{
	BrText		values[BR_MAX_VARIABLES] = {txt(a), txt(b), txt(c)};
	StringInfoData key;

	initStringInfo(&key);
	return br_template_compile(&template, &vars, values, &key) ? key.data : NULL;
}

static const char *
prefix_of(const char *a, const char *b, const char *b_prefix)
{
	BrText		values[BR_MAX_VARIABLES] = {txt(a), txt(b)};
	BrText		prefixes[BR_MAX_VARIABLES] = {txt(NULL), txt(b_prefix)};
	StringInfoData key;

	initStringInfo(&key);
	return br_template_prefix(&template, &vars, values, prefixes, &key) ? key.data : NULL;
}

static void
test_aggregate_key(void)
{
	use_template("AGGREGATE#{configId}#{invocationType}");
	is_str(decoded("AGGREGATE#rust-arm64-light-128#warm"), "rust-arm64-light-128|warm",
		   "an aggregate's key");
	is_str(decoded("AGGREGATE#a#b#cold"), "a#b|cold",
		   "only the type is cut off, from the right");
	is_str(decoded("AGGREGATE#x#hot"), NULL, "a type that is none");
	is_str(decoded("AGGREGATE#x"), NULL, "no type");
	is_str(decoded("aggregate#x#warm"), NULL, "literals are compared byte by byte");
	is_str(decoded("AGGREGATE##warm"), "|warm", "an empty configuration");
	is_str(compiled("c1", "warm", NULL), "AGGREGATE#c1#warm", "made from values");
	is_str(compiled("c1", "WARM", NULL), NULL, "no key has an unknown type");
	is_str(compiled("c#1", "cold", NULL), "AGGREGATE#c#1#cold",
		   "the configuration may hold the separator");
	is_str(prefix_of(NULL, NULL, NULL), "AGGREGATE#", "nothing known");
	is_str(prefix_of("c1", NULL, NULL), "AGGREGATE#c1#", "the configuration known");
	is_str(prefix_of("c1", "warm", NULL), "AGGREGATE#c1#warm", "all known");
	is_str(prefix_of("c1", NULL, "w"), "AGGREGATE#c1#w", "and how the type begins");
	is_str(prefix_of("c1", "hot", NULL), NULL, "a type that is none");
}

static void
test_result_keys(void)
{
	use_template("{testRunId}#{configId}");
	is_str(decoded("run#config"), "run|config", "a result's partition key");
	is_str(decoded("run#con#fig"), "run|con#fig", "the first separator ends the run");
	is_str(decoded("run"), NULL, "no separator");
	is_str(compiled("a", "b#c", NULL), "a#b#c", "the configuration may hold the separator");
	is_str(compiled("a#b", "c", NULL), NULL, "the run may not: the key would say (a, b#c)");

	use_template("{invocationType}#{invocationNumber}");
	is_str(decoded("warm#12"), "warm|12", "a result's sort key");
	is_str(decoded("warm#012"), NULL, "a leading zero is another number's spelling");
	is_str(decoded("warm#+1"), NULL, "so is a plus");
	is_str(decoded("warm#-1"), "warm|-1", "a minus is not");
	is_str(decoded("warm#-0"), NULL, "but minus zero is");
	is_str(decoded("warm#0"), "warm|0", "zero");
	is_str(decoded("warm#"), NULL, "no number");
	is_str(decoded("warm#1x"), NULL, "a number and more");
	is_str(decoded("warm#1234567890123456789"), NULL, "more digits than a number has");
	is_str(compiled("warm", "007", NULL), NULL, "no key has a leading zero");
	is_str(compiled("cold", "7", NULL), "cold#7", "made from values");
}

static void
test_config(void)
{
	use_template(BR_CONFIG_TEMPLATE);
	is_str(decoded("python3.13-arm64-cpu-intensive-1769"), "python3.13|arm64|cpu-intensive|1769",
		   "a workload with a hyphen");
	is_str(decoded("python3.13-arm64-cpu-512"), "python3.13|arm64|cpu|512",
		   "a workload without");
	is_str(decoded("my-run-time-x86-light-128"), "my-run-time|x86|light|128",
		   "a runtime with hyphens ends at the architecture");
	is_str(decoded("rust-arm64-x86-arm64-light-128"), "rust|arm64|x86-arm64-light|128",
		   "at the first one");
	is_str(decoded("rust-riscv-light-128"), NULL, "no known architecture");
	is_str(decoded("rust-arm64-light"), NULL, "no memory size");
	is_str(decoded("bb:tpch:sf1:duckdb:q1"), NULL, "another kind of configuration");
	is_str(decoded("rust-arm64-128"), NULL, "no workload");
}

static void
test_one_variable_twice(void)
{
	BrText		values[BR_MAX_VARIABLES] = {0};
	BrVariables both = {0};
	BrTemplate	pk;
	BrTemplate	sk;
	BrError		err;

	ok(br_template_parse("TESTRUN#{testRunId}", &both, &pk, &err) &&
	   br_template_parse("TESTRUN#{testRunId}", &both, &sk, &err), "two templates");
	is_int(both.n, 1, "share their variable");
	ok(br_template_decode(&pk, &both, txt("TESTRUN#a"), values), "the first key sets it");
	ok(br_template_decode(&sk, &both, txt("TESTRUN#a"), values), "the second agrees");
	ok(!br_template_decode(&sk, &both, txt("TESTRUN#b"), values), "or does not");
}

static void
test_refused(void)
{
	static const char *const broken[] = {
		"", "a{b", "a}b", "{}", "{a}{b}", "{a{b}}",
		"{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}-{i}-{j}-{k}-{l}-{m}-{n}-{o}-{p}-{q}"
	};
	BrError		err;

	for (size_t i = 0; i < lengthof(broken); i++)
	{
		BrVariables none = {0};
		bool		parses = br_template_parse(broken[i], &none, &template, &err);

		/* "{a{b}}" names a variable "a{b" and ends in a stray brace */
		ok(!parses && err.kind == BR_ERR_CONFIG, "\"%s\" is refused", broken[i]);
	}
}

/* Whatever compiles decodes to the same values; whatever decodes compiles back. */
static void
test_inverse(void)
{
	static const char *const templates[] = {
		"TESTRUN#{testRunId}", "AGGREGATE#{configId}#{invocationType}",
		"{testRunId}#{configId}", "{invocationType}#{invocationNumber}",
		BR_CONFIG_TEMPLATE, "<{a}::{b}>", "{a}"
	};
	static const char *const pieces[] = {
		"#", "-", "a", "warm", "cold", "arm64", "x86", "7", "0", "::", "<", ">",
		"TESTRUN#", "AGGREGATE#", ":"
	};
	pg_prng_state prng;
	int			wrong = 0;
	int			decodable = 0;

	pg_prng_seed(&prng, 20251130);
	for (int n = 0; n < 200000; n++)
	{
		const char *name = templates[n % lengthof(templates)];
		BrText		values[BR_MAX_VARIABLES] = {0};
		BrVariables own = {0};
		StringInfoData key;
		StringInfoData back;
		BrError		err;

		initStringInfo(&key);
		initStringInfo(&back);
		br_template_parse(name, &own, &template, &err);
		if (n % 2 == 0 && template.parts[0].variable < 0)
			appendBinaryStringInfo(&key, template.parts[0].literal.ptr,
								   template.parts[0].literal.len);
		for (int i = pg_prng_uint64_range(&prng, 0, 7); i > 0; i--)
			appendStringInfoString(&key, pieces[pg_prng_uint64_range(&prng, 0, lengthof(pieces) - 1)]);
		if (br_template_decode(&template, &own, (BrText) {key.data, key.len}, values))
		{
			decodable++;
			if (!br_template_compile(&template, &own, values, &back) ||
				strcmp(back.data, key.data) != 0)
			{
				diag("%s: \"%s\" came back as \"%s\"", name, key.data, back.data);
				wrong++;
			}
		}
		if (n % 1000 == 999)
			fe_reset();
	}
	ok(decodable > 10000, "%d of 200000 random keys decode", decodable);
	is_int(wrong, 0, "and compile back to themselves");
}

int
main(void)
{
	test_aggregate_key();
	test_result_keys();
	test_config();
	test_one_variable_twice();
	test_refused();
	test_inverse();
	return done_testing();
}
