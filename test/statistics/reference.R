# Figures by R, for samples.py: a line of standard input names a function below and has
# its arguments, one line with its numbers comes back; hexadecimal, so that none is rounded.
numbers <- function(text) as.numeric(strsplit(text, " ", fixed = TRUE)[[1]])

with_ties <- function(x) anyDuplicated(x) > 0

functions <- list(
	# all nine types, one after the other
	quantiles = function(x, p)
		sapply(1:9, function(type) quantile(numbers(x), numbers(p), type = type, names = FALSE)),
	t_tail = function(t, df) 2 * pt(-abs(numbers(t)), numbers(df)),
	t_quantile = function(p, df) qt(numbers(p), numbers(df)),
	adjust = function(p, method) p.adjust(numbers(p), c(holm = "holm", bh = "BH", bonferroni = "bonferroni")[[method]]),
	t_test = function(a, b, conf) {
		test <- t.test(numbers(a), numbers(b), conf.level = numbers(conf))
		c(test$statistic, test$parameter, test$p.value, -rev(test$conf.int))
	},
	t_interval = function(x, conf) t.test(numbers(x), conf.level = numbers(conf))$conf.int,
	mann_whitney = function(a, b, side, method) {
		test <- wilcox.test(numbers(a), numbers(b), alternative = gsub("-", ".", side, fixed = TRUE),
			exact = method == "exact", correct = TRUE)
		c(test$statistic, test$p.value)
	},
	shift = function(a, b, conf) {
		test <- wilcox.test(numbers(b), numbers(a), exact = TRUE, conf.int = TRUE, conf.level = numbers(conf))
		c(test$estimate, test$conf.int)
	},
	signed_rank = function(a, b, method) {
		test <- wilcox.test(numbers(a), numbers(b), paired = TRUE, exact = method == "exact", correct = TRUE)
		c(test$statistic, test$p.value)
	},
	# given the ranks of all values: P(as small or smaller), P(as great or greater), with ties
	permutation = function(a, b) {
		a <- numbers(a)
		b <- numbers(b)
		data <- data.frame(v = c(a, b), g = factor(rep(c("a", "b"), c(length(a), length(b)))))
		sapply(c("less", "greater"), function(side)
			coin::pvalue(coin::wilcox_test(v ~ g, data, distribution = "exact", alternative = side)))
	},
	kendall = function(x, y) {
		test <- suppressWarnings(cor.test(numbers(x), numbers(y), method = "kendall", exact = FALSE, continuity = TRUE))
		test$p.value
	},
	# ranks of the bounds, and what they cover
	order_interval = function(n, p, conf) {
		n <- numbers(n)
		p <- numbers(p)
		tail <- (1 - numbers(conf)) / 2
		lo <- qbinom(tail, n, p)
		hi <- qbinom((1 + numbers(conf)) / 2, n, p) + 1
		c(lo, hi, pbinom(hi - 1, n, p) - pbinom(lo - 1, n, p))
	})

for (line in readLines(file("stdin"))) {
	parts <- strsplit(line, "|", fixed = TRUE)[[1]]
	figures <- as.vector(suppressWarnings(do.call(functions[[parts[1]]], as.list(parts[-1]))))
	cat(ifelse(is.na(figures), "NA", sprintf("%a", figures)), "\n")
}
