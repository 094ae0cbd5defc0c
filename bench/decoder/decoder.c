/*
 * decoder.c
 *		The page decoder against jansson, on the same pages.
 *
 * Pages have the shape of the live table and one megabyte by DynamoDB's count.
 * Both sides come to the same values: ours by br_page_open() and
 * br_page_next(), jansson by json_loadb(), a walk and json_decref().  They take
 * turns, so that whatever else the machine does hits both, and the medians of
 * the pairs are shown.
 *
 *		decoder [--floor RATIO] [--pairs N] [--ours-only]
 *
 * Fails if the values differ or a ratio is below the floor.  --ours-only decodes
 * a while for a profiler.
 */
#include "base/br.h"

#include <jansson.h>
#include <math.h>
#include <time.h>

#include "common/pg_prng.h"
#include "dynamodb/page.h"

#define PAGE_SIZE		(1024 * 1024)	/* where DynamoDB ends a page */
#define OURS_PER_PAIR	20		/* the clock is too coarse for one */
#define MAX_PATHS		64
#define MAX_PAIRS		1001

static const char *const all_attributes[] = {
	"pk", "sk", "testRunId", "timestamp", "configId", "runtime", "architecture",
	"workloadType", "memorySizeMB", "invocationType", "invocationNumber",
	"durationMs", "billedDurationMs", "maxMemoryUsedMB", "functionName",
	"functionVersion", "lambdaRequestId", "success", NULL
};

static const char *const four_attributes[] = {
	"configId", "invocationType", "durationMs", "success", NULL
};

static const char *const aggregate_paths[] = {
	"pk", "sk", "itemType", "testRunId", "configId", "timestamp", "runtime",
	"architecture", "workloadType", "memorySizeMB", "invocationType",
	"sampleCount", "allSuccessful", "failedCount",
	"durationMsStats.mean", "durationMsStats.median", "durationMsStats.min",
	"durationMsStats.max", "durationMsStats.stdev", "durationMsStats.p90",
	"durationMsStats.p95", "durationMsStats.p99", "durationMsStats.sampleCount",
	"durationMsStats.outliersRemoved",
	"billedDurationMsStats.mean", "billedDurationMsStats.p99",
	"memoryMBStats.mean", "memoryMBStats.max",
	"initDurationMsStats.mean", "initDurationMsStats.p99", NULL
};

static const char *const runtimes[] = {
	"nodejs20", "nodejs22", "python3.11", "python3.12", "python3.13", "python3.14", "rust"
};
static const char *const architectures[] = {"arm64", "x86"};
static const char *const workloads[] = {"cpu-intensive", "memory-intensive", "light"};
static const int memories[] = {128, 256, 512, 1024, 1769, 2048, 4096, 8192, 10240};

/* What is asked of a page: paths of one or two names. */
typedef struct Question
{
	const char *title;
	const char *body;
	size_t		len;
	const char *const *paths;
	int			npaths;
	char	   *outer[MAX_PATHS];
	char	   *inner[MAX_PATHS];	/* NULL: the path has one step */
} Question;

/* What a walk came to, so that it cannot be left out and can be compared. */
typedef struct Answer
{
	uint64		items;
	uint64		values;
	uint64		bytes;
	uint64		mix;
} Answer;

static pg_prng_state prng;

/*
 * Writing items, counting their size as DynamoDB does (roughly for numbers).
 */

static size_t item_size;

static void
put_s(StringInfo out, const char *name, const char *fmt,...)
{
	char		value[200];
	va_list		args;

	va_start(args, fmt);
	vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	appendStringInfo(out, "\"%s\":{\"S\":\"%s\"},", name, value);
	item_size += strlen(name) + strlen(value);
}

static void
put_n(StringInfo out, const char *name, double value)
{
	char		digits[40];

	snprintf(digits, sizeof(digits), "%.15g", value);
	appendStringInfo(out, "\"%s\":{\"N\":\"%s\"},", name, digits);
	item_size += strlen(name) + strlen(digits) / 2 + 1;
}

static void
put_bool(StringInfo out, const char *name, bool value)
{
	appendStringInfo(out, "\"%s\":{\"BOOL\":%s},", name, value ? "true" : "false");
	item_size += strlen(name) + 1;
}

/* The comma behind the last member gives way to the brace. */
static void
close_object(StringInfo out, const char *text)
{
	out->data[--out->len] = '\0';
	appendStringInfoString(out, text);
}

/* As measured: two decimals. */
static double
milliseconds(double least, double most)
{
	return rint((least + pg_prng_double(&prng) * (most - least)) * 100) / 100;
}

static void
put_stats(StringInfo out, const char *name, double mean)
{
	static const char *const figures[] = {
		"mean", "median", "mode", "min", "max", "stdev", "p50", "p90", "p95", "p99"
	};
	size_t		i;

	appendStringInfo(out, "\"%s\":{\"M\":{", name);
	item_size += strlen(name) + 3;
	for (i = 0; i < lengthof(figures); i++)
		put_n(out, figures[i], milliseconds(mean * 0.8, mean * 1.2));
	put_n(out, "sampleCount", 300);
	put_bool(out, "outliersRemoved", true);
	close_object(out, "}},");
}

typedef struct Config
{
	const char *runtime;
	const char *architecture;
	const char *workload;
	int			memory;
} Config;

static Config
random_config(void)
{
	Config		config;

	config.runtime = runtimes[pg_prng_uint64_range(&prng, 0, lengthof(runtimes) - 1)];
	config.architecture = architectures[pg_prng_uint64_range(&prng, 0, 1)];
	config.workload = workloads[pg_prng_uint64_range(&prng, 0, lengthof(workloads) - 1)];
	config.memory = memories[pg_prng_uint64_range(&prng, 0, lengthof(memories) - 1)];
	return config;
}

#define RUN_ID "ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a"
#define CONFIG_FMT "%s-%s-%s-%d"
#define CONFIG_ARGS(c) (c)->runtime, (c)->architecture, (c)->workload, (c)->memory

static void
put_dimensions(StringInfo out, const Config *c, const char *type)
{
	put_s(out, "testRunId", "%s", RUN_ID);
	put_s(out, "configId", CONFIG_FMT, CONFIG_ARGS(c));
	put_n(out, "timestamp", 1764500000000.0 + pg_prng_uint64_range(&prng, 0, 99999999));
	put_s(out, "runtime", "%s", c->runtime);
	put_s(out, "architecture", "%s", c->architecture);
	put_s(out, "workloadType", "%s", c->workload);
	put_n(out, "memorySizeMB", c->memory);
	put_s(out, "invocationType", "%s", type);
}

/* 18 attributes; every fiftieth invocation failed and lacks three of them. */
static void
put_result(StringInfo out, const Config *c, int number)
{
	bool		success = number % 50 != 0;
	double		duration = milliseconds(5, 2500);

	put_s(out, "pk", "%s#" CONFIG_FMT, RUN_ID, CONFIG_ARGS(c));
	put_s(out, "sk", "warm#%d", number);
	put_dimensions(out, c, "warm");
	put_n(out, "invocationNumber", number);
	if (success)
	{
		put_n(out, "durationMs", duration);
		put_n(out, "billedDurationMs", ceil(duration));
		put_n(out, "maxMemoryUsedMB", 40 + pg_prng_uint64_range(&prng, 0, 80));
	}
	put_s(out, "functionName", "%s-%s-%s", c->runtime, c->architecture, c->workload);
	put_s(out, "functionVersion", "$LATEST");
	put_s(out, "lambdaRequestId", "%08x-%04x-4%03x-9%03x-%012llx",
		  pg_prng_uint32(&prng), pg_prng_uint32(&prng) & 0xffff,
		  pg_prng_uint32(&prng) & 0xfff, pg_prng_uint32(&prng) & 0xfff,
		  (unsigned long long) pg_prng_uint64(&prng) & 0xffffffffffff);
	put_bool(out, "success", success);
}

static void
put_aggregate(StringInfo out, const Config *c, int number)
{
	const char *type = number % 2 == 0 ? "warm" : "cold";
	double		mean = milliseconds(5, 2500);

	put_s(out, "pk", "TESTRUN#%s", RUN_ID);
	put_s(out, "sk", "AGGREGATE#" CONFIG_FMT "#%s", CONFIG_ARGS(c), type);
	put_s(out, "itemType", "aggregate");
	put_dimensions(out, c, type);
	put_n(out, "sampleCount", 300);
	put_bool(out, "allSuccessful", true);
	put_n(out, "failedCount", 0);
	put_stats(out, "durationMsStats", mean);
	put_stats(out, "billedDurationMsStats", ceil(mean));
	put_stats(out, "memoryMBStats", 60);
	if (number % 2 != 0)
		put_stats(out, "initDurationMsStats", 430);
}

static StringInfo
make_page(void (*put_item) (StringInfo out, const Config *c, int number))
{
	StringInfo	out = makeStringInfo();
	size_t		size;
	int			n = 0;

	appendStringInfoString(out, "{\"Items\":[");
	for (size = 0; size < PAGE_SIZE; size += item_size)
	{
		Config		config = random_config();

		item_size = 0;
		appendStringInfoChar(out, '{');
		put_item(out, &config, ++n);
		close_object(out, "},");
	}
	close_object(out, "]");
	appendStringInfo(out, ",\"Count\":%d,\"ScannedCount\":%d,"
					 "\"LastEvaluatedKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"}}}", n, n);
	return out;
}

/*
 * The two sides.
 */

static void
note_value(Answer *answer, int path, const char *text, size_t len)
{
	answer->values++;
	answer->bytes += len;
	answer->mix += (path + 1) * (len == 0 ? 1 : (unsigned char) text[0] +
								 251 * (unsigned char) text[len - 1]);
}

static BrWanted *
make_wanted(const Question *q)
{
	BrWanted   *wanted = br_wanted_create();
	int			i;

	for (i = 0; i < q->npaths; i++)
	{
		BrPaths		paths;
		BrError		err;

		if (!br_paths_parse(q->paths[i], &paths, &err))
			pg_unreachable();
		br_wanted_add(wanted, &paths.paths[0], i);
	}
	return wanted;
}

static void
decode_ours(const Question *q, BrWanted *wanted, Answer *answer)
{
	BrSpan		slots[MAX_PATHS];
	BrPage		page;
	BrError		err;
	bool		found;
	bool		good;
	int			i;

	memset(answer, 0, sizeof(*answer));
	good = br_page_open(&page, BR_PAGE_ITEMS, q->body, q->len, &err);
	while (good && (good = br_page_next(&page, wanted, slots, &found, &err)) && found)
	{
		answer->items++;
		for (i = 0; i < q->npaths; i++)
		{
			if (slots[i].type != BR_TYPE_ABSENT)
				note_value(answer, i, slots[i].ptr, slots[i].len);
		}
	}
	if (!good)
	{
		fprintf(stderr, "%s\n", err.message);
		exit(EXIT_FAILURE);
	}
}

/* {"S":"text"}, {"N":"1"} or {"BOOL":true}: the types of these pages. */
static void
note_jansson(Answer *answer, int path, json_t *typed)
{
	json_t	   *value;

	if ((value = json_object_get(typed, "S")) != NULL ||
		(value = json_object_get(typed, "N")) != NULL)
		note_value(answer, path, json_string_value(value), json_string_length(value));
	else if ((value = json_object_get(typed, "BOOL")) != NULL)
		note_value(answer, path, json_is_true(value) ? "true" : "false",
				   json_is_true(value) ? 4 : 5);
}

static void
decode_jansson(const Question *q, Answer *answer)
{
	json_t	   *root;
	json_t	   *item;
	size_t		n;
	int			i;

	memset(answer, 0, sizeof(*answer));
	root = json_loadb(q->body, q->len, 0, NULL);
	json_array_foreach(json_object_get(root, "Items"), n, item)
	{
		answer->items++;
		for (i = 0; i < q->npaths; i++)
		{
			json_t	   *typed = json_object_get(item, q->outer[i]);

			if (q->inner[i] != NULL)
				typed = json_object_get(json_object_get(typed, "M"), q->inner[i]);
			note_jansson(answer, i, typed);
		}
	}
	json_decref(root);
}

/* Seconds of processor time: what else runs on the machine costs less of it. */
static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static int
compare_doubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

static double
median(double *values, int n)
{
	qsort(values, n, sizeof(double), compare_doubles);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Returns the median of the pairs' ratios. */
static double
measure(const Question *q, int pairs)
{
	BrWanted   *wanted = make_wanted(q);
	double		ours[MAX_PAIRS];
	double		theirs[MAX_PAIRS];
	double		ratios[MAX_PAIRS];
	Answer		a;
	Answer		b;
	double		ratio;
	int			pair;
	int			i;

	for (pair = 0; pair < pairs; pair++)
	{
		double		start = now();
		double		middle;

		for (i = 0; i < OURS_PER_PAIR; i++)
			decode_ours(q, wanted, &a);
		middle = now();
		decode_jansson(q, &b);
		ours[pair] = q->len / 1e6 / ((middle - start) / OURS_PER_PAIR);
		theirs[pair] = q->len / 1e6 / (now() - middle);
		ratios[pair] = ours[pair] / theirs[pair];
		if (memcmp(&a, &b, sizeof(a)) != 0)
		{
			fprintf(stderr, "%s: the two sides came to different values\n", q->title);
			exit(EXIT_FAILURE);
		}
	}
	ratio = median(ratios, pairs);
	printf("%-28s %5.2f %6llu %8llu %9.0f %9.1f %7.1f %10.2f\n", q->title, q->len / 1e6,
		   (unsigned long long) a.items, (unsigned long long) a.values,
		   median(ours, pairs), median(theirs, pairs), ratio,
		   median(ours, pairs) * a.items / q->len);
	return ratio;
}

static void
ask(Question *q, const char *title, StringInfo page, const char *const *paths)
{
	memset(q, 0, sizeof(*q));
	q->title = title;
	q->body = page->data;
	q->len = page->len;
	q->paths = paths;
	for (; paths[q->npaths] != NULL; q->npaths++)
	{
		char	   *dot;

		q->outer[q->npaths] = pstrdup(paths[q->npaths]);
		dot = strchr(q->outer[q->npaths], '.');
		if (dot != NULL)
		{
			*dot = '\0';
			q->inner[q->npaths] = dot + 1;
		}
	}
}

int
main(int argc, char **argv)
{
	Question	questions[3];
	StringInfo	results;
	double		floor_ratio = 0;
	double		least = HUGE_VAL;
	int			pairs = 15;
	bool		ours_only = false;
	int			i;
	size_t		n;

	for (i = 1; i < argc; i++)
	{
		if (strcmp(argv[i], "--floor") == 0 && i + 1 < argc)
			floor_ratio = atof(argv[++i]);
		else if (strcmp(argv[i], "--pairs") == 0 && i + 1 < argc)
			pairs = atoi(argv[++i]);
		else if (strcmp(argv[i], "--ours-only") == 0)
			ours_only = true;
		else
		{
			fprintf(stderr, "usage: %s [--floor RATIO] [--pairs N] [--ours-only]\n", argv[0]);
			return 2;
		}
	}

	pairs = Max(1, Min(pairs, MAX_PAIRS));

	pg_prng_seed(&prng, 1);
	results = make_page(put_result);
	ask(&questions[0], "results, all 18 attributes", results, all_attributes);
	ask(&questions[1], "results, 4 of 18 attributes", results, four_attributes);
	ask(&questions[2], "aggregates, 30 paths", make_page(put_aggregate), aggregate_paths);

	if (ours_only)
	{
		Answer		answer;

		for (n = 0; n < lengthof(questions); n++)
		{
			BrWanted   *wanted = make_wanted(&questions[n]);

			for (i = 0; i < pairs; i++)
				decode_ours(&questions[n], wanted, &answer);
		}
		return 0;
	}

	printf("%-28s %5s %6s %8s %9s %9s %7s %10s\n", "page", "MB", "items", "values",
		   "ours MB/s", "jansson", "ratio", "M items/s");
	for (n = 0; n < lengthof(questions); n++)
	{
		double		ratio = measure(&questions[n], pairs);

		least = Min(least, ratio);
	}
	if (least < floor_ratio)
		fprintf(stderr, "the least ratio, %.1f, is below %.1f\n", least, floor_ratio);
	return least < floor_ratio ? 1 : 0;
}
