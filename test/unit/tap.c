/*
 * tap.c
 *		Reporting of unit tests in the Test Anything Protocol.
 */
#include "base/br.h"

#include <math.h>

#include "fe_alloc.h"
#include "tap.h"

static int	tests_run = 0;
static int	tests_failed = 0;

/*
 * A bare '#' in a test's name would start a directive, a newline a new line of
 * the protocol.
 */
static void
print_name(const char *name)
{
	const char *p;

	for (p = name; *p != '\0'; p++)
	{
		if (*p == '#')
			printf("\\#");
		else if ((unsigned char) *p < 0x20 || *p == 0x7f)
			printf("\\x%02x", (unsigned char) *p);
		else
			putchar(*p);
	}
}

static bool
report(bool pass, const char *fmt, va_list args)
{
	char		name[1024];

	vsnprintf(name, sizeof(name), fmt, args);
	tests_run++;
	if (!pass)
		tests_failed++;
	printf("%s %d - ", pass ? "ok" : "not ok", tests_run);
	print_name(name);
	putchar('\n');
	fflush(stdout);				/* what came before a crash must be seen */
	return pass;
}

bool
ok(bool pass, const char *fmt,...)
{
	va_list		args;

	va_start(args, fmt);
	report(pass, fmt, args);
	va_end(args);
	return pass;
}

bool
is_int(int64 got, int64 expected, const char *fmt,...)
{
	va_list		args;

	va_start(args, fmt);
	report(got == expected, fmt, args);
	va_end(args);
	if (got != expected)
		diag("got " INT64_FORMAT ", expected " INT64_FORMAT, got, expected);
	return got == expected;
}

bool
is_double(double got, double expected, double tolerance, const char *fmt,...)
{
	bool		pass = got == expected || (isnan(got) && isnan(expected)) ||
		fabs(got - expected) <= tolerance * fabs(expected);
	va_list		args;

	va_start(args, fmt);
	report(pass, fmt, args);
	va_end(args);
	if (!pass)
		diag("got %.17g, expected %.17g, off by %.3g of it", got, expected, got / expected - 1);
	return pass;
}

/* Bytes as text, so that an invisible difference can be seen. */
static void
diag_bytes(const char *label, const unsigned char *bytes, size_t len)
{
	size_t		i;

	fprintf(stderr, "# %s (%zu bytes): ", label, len);
	for (i = 0; i < len && i < 2000; i++)
	{
		if (bytes[i] >= 0x20 && bytes[i] < 0x7f && bytes[i] != '\\')
			fputc(bytes[i], stderr);
		else
			fprintf(stderr, "\\x%02x", bytes[i]);
	}
	fprintf(stderr, "%s\n", i < len ? "..." : "");
}

static void
diag_str(const char *label, const char *text)
{
	if (text == NULL)
		diag("%s: NULL", label);
	else
		diag_bytes(label, (const unsigned char *) text, strlen(text));
}

bool
is_mem(const void *got, size_t got_len, const void *expected, size_t expected_len,
	   const char *fmt,...)
{
	bool		pass = got_len == expected_len &&
		(got_len == 0 || memcmp(got, expected, got_len) == 0);
	va_list		args;

	va_start(args, fmt);
	report(pass, fmt, args);
	va_end(args);
	if (!pass)
	{
		diag_bytes("     got", got, got_len);
		diag_bytes("expected", expected, expected_len);
	}
	return pass;
}

bool
is_str(const char *got, const char *expected, const char *fmt,...)
{
	bool		pass = got == NULL || expected == NULL ? got == expected :
		strcmp(got, expected) == 0;
	va_list		args;

	va_start(args, fmt);
	report(pass, fmt, args);
	va_end(args);
	if (!pass)
	{
		diag_str("     got", got);
		diag_str("expected", expected);
	}
	return pass;
}

void
diag(const char *fmt,...)
{
	va_list		args;

	fprintf(stderr, "# ");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n");
}

void
skip(const char *fmt,...)
{
	va_list		args;

	tests_run++;
	printf("ok %d # SKIP ", tests_run);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

void
skip_all(const char *fmt,...)
{
	va_list		args;

	printf("1..0 # SKIP ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	fe_reset();
	exit(EXIT_SUCCESS);
}

int
done_testing(void)
{
	printf("1..%d\n", tests_run);
	fe_reset();
	if (tests_run == 0)
		diag("no test was run");
	return tests_run > 0 && tests_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
