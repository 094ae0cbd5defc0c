/*
 * picture.c
 *		Where the marks of a text picture stand, and which ones they are.
 */
#include "base/br.h"

#include <math.h>

#include "stats/picture.h"
#include "stats/quantile.h"

/* UTF-8 of U+2580 and the 31 block elements behind it, but for the last byte. */
#define BLOCK		"\xE2\x96"
#define FULL_BLOCK	0x88		/* U+2588; below it lower eighths, above it left ones */

static const char ascii_levels[] = ".:-=+*#@";

bool
br_finite_range(const double *values, int64 n, double *lo, double *hi)
{
	bool		found = false;

	for (int64 i = 0; i < n; i++)
	{
		if (!isfinite(values[i]))
			continue;
		if (!found || values[i] < *lo)
			*lo = values[i];
		if (!found || values[i] > *hi)
			*hi = values[i];
		found = true;
	}
	return found;
}

/* Where on the scale a value lies, from 0 to 1. */
static double
fraction(double value, double lo, double hi)
{
	double		width = hi - lo;

	if (isnan(value))
		return 1;
	if (lo == hi)
		return value < lo ? 0 : value > hi ? 1 : 0.5;
	if (value <= lo)
		return 0;
	if (value >= hi)
		return 1;
	if (isinf(width))
		return (value / 2 - lo / 2) / (hi / 2 - lo / 2);
	return (value - lo) / width;
}

int
br_scale_part(double value, double lo, double hi, int n)
{
	double		part = fraction(value, lo, hi) * n;

	/* of an even number of parts the lower of the two in the middle */
	return lo == hi && value == lo ? (n - 1) / 2 : Min((int) part, n - 1);
}

char *
br_sparkline(const double *series, int64 n, double lo, double hi, bool blocks)
{
	char	   *result = palloc(n * (blocks ? 3 : 1) + 1);
	char	   *p = result;

	for (int64 i = 0; i < n; i++)
	{
		int			level;

		if (i % 65536 == 0)
			BR_CHECK_INTERRUPTS();
		level = br_scale_part(series[i], lo, hi, BR_PICTURE_LEVELS);
		if (isnan(series[i]))
			*p++ = ' ';
		else if (!blocks)
			*p++ = ascii_levels[level];
		else
		{
			memcpy(p, BLOCK, 2);
			p[2] = (char) (FULL_BLOCK - (BR_PICTURE_LEVELS - 1) + level);
			p += 3;
		}
	}
	*p = '\0';
	return result;
}

/*
 * How many bins: ranges over 2 IQR n^(-1/3) (D. Freedman, P. Diaconis: On the
 * histogram as a density estimator, 1981), which wants a spread in the middle,
 * else log2(n) + 1 (H. A. Sturges: The choice of a class interval, 1926).
 */
static int
automatic_bins(const double *sorted, int64 n)
{
	double		iqr = br_quantile(sorted, n, 0.75) - br_quantile(sorted, n, 0.25);
	double		bins = ceil((sorted[n - 1] - sorted[0]) / (2 * iqr / pow(n, 1.0 / 3.0)));

	if (!(iqr > 0) || isnan(bins))
		bins = ceil(log2(n) + 1);
	return (int) fmin(fmax(bins, 1), BR_BINS_AUTO);
}

static void
set_edges(BrBins *h, double lo, double hi)
{
	double		step = (hi - lo) / h->n;

	for (int i = 0; i < h->n; i++)
	{
		if (isinf(step))
			h->edges[i] = lo * (1 - (double) i / h->n) + hi * ((double) i / h->n);
		else
			h->edges[i] = lo + i * step;
	}
	h->edges[h->n] = hi;
}

/* How many values are less. */
static int64
count_below(const double *sorted, int64 n, double bound)
{
	int64		first = 0;

	while (n > 0)
	{
		int64		half = n / 2;

		if (sorted[first + half] < bound)
		{
			first += half + 1;
			n -= half + 1;
		}
		else
			n = half;
	}
	return first;
}

/* Counted by the edges as they will be shown, so that no row contradicts its values. */
static void
count_bins(BrBins *h, const double *sorted, int64 n)
{
	int64		below = 0;

	h->most = 0;
	for (int i = 0; i < h->n; i++)
	{
		int64		up_to = i + 1 < h->n ? count_below(sorted, n, h->edges[i + 1]) : n;

		h->counts[i] = up_to - below;
		h->most = Max(h->most, h->counts[i]);
		below = up_to;
	}
}

BrBins
br_bins(const double *sorted, int64 n, int bins, bool logarithmic)
{
	BrBins		h;
	const double *scaled = sorted;

	if (logarithmic)
	{
		double	   *logs = palloc(n * sizeof(double));

		for (int64 i = 0; i < n; i++)
		{
			if (i % 65536 == 0)
				BR_CHECK_INTERRUPTS();
			logs[i] = log(sorted[i]);
		}
		scaled = logs;
	}
	if (sorted[0] == sorted[n - 1])
		h.n = 1;
	else
		h.n = bins > 0 ? bins : automatic_bins(scaled, n);
	h.edges = palloc((h.n + 1) * sizeof(double));
	h.counts = palloc(h.n * sizeof(int64));
	set_edges(&h, scaled[0], scaled[n - 1]);
	if (logarithmic)
	{
		for (int i = 1; i < h.n; i++)
			h.edges[i] = exp(h.edges[i]);
		h.edges[0] = sorted[0];
		h.edges[h.n] = sorted[n - 1];
	}
	count_bins(&h, sorted, n);
	return h;
}

char *
br_bar(int64 part, int64 whole, int width, bool blocks)
{
	int			unit = blocks ? 8 : 1;
	int			length = part == 0 ? 0 : Max((int) rint((double) part / whole * width * unit), 1);
	StringInfoData bar;

	initStringInfo(&bar);
	for (int i = 0; i < length / unit; i++)
		appendStringInfoString(&bar, blocks ? "\xE2\x96\x88" : "#");
	if (length % unit > 0)
		appendStringInfo(&bar, BLOCK "%c", FULL_BLOCK + unit - length % unit);
	return bar.data;
}

char *
br_boxplot(const double *sorted, int64 n, double lo, double hi, int width)
{
	char	   *plot = palloc(width + 1);
	int			first = br_scale_part(sorted[0], lo, hi, width);
	int			last = br_scale_part(sorted[n - 1], lo, hi, width);
	int			left = br_scale_part(br_quantile(sorted, n, 0.25), lo, hi, width);
	int			right = br_scale_part(br_quantile(sorted, n, 0.75), lo, hi, width);

	memset(plot, ' ', width);
	plot[width] = '\0';
	memset(plot + first, '-', last - first + 1);
	memset(plot + left, '=', right - left + 1);
	plot[first] = plot[last] = '|';
	plot[left] = '[';
	plot[right] = ']';
	plot[br_scale_part(br_quantile(sorted, n, 0.5), lo, hi, width)] = '|';
	if (sorted[0] < lo)
		plot[first] = '<';
	if (!(sorted[n - 1] <= hi))
		plot[last] = '>';
	return plot;
}

char *
br_format_duration(double ms, const char *micro)
{
	char		text[32];
	double		value;
	int			exponent;
	const char *unit = "ms";

	if (!isfinite(ms))
		return pstrdup(isnan(ms) ? "NaN" : ms > 0 ? "Infinity" : "-Infinity");
	if (ms == 0)
		return pstrdup("0 ms");
	/* rounded first, so that 999.96 is no 1000 ms but 1.000 s */
	snprintf(text, sizeof(text), "%.3e", ms);
	value = strtod(text, NULL);
	if (fabs(value) < 1)
	{
		value *= 1000;
		unit = micro;
	}
	else if (fabs(value) >= 60000)
	{
		/* which rounds again, so not the rounded value, unless it was rounded up to a minute */
		value = fabs(ms) < 60000 ? value / 60000 : ms / 60000;
		unit = "min";
	}
	else if (fabs(value) >= 1000)
	{
		value /= 1000;
		unit = "s";
	}
	snprintf(text, sizeof(text), "%.3e", value);
	exponent = atoi(strchr(text, 'e') + 1);
	if (exponent < -3 || exponent > 6)
		return psprintf("%s %s", text, unit);
	return psprintf("%.*f %s", Max(3 - exponent, 0), value, unit);
}
