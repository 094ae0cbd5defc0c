# benchresults_fdw: build, install and test.
#
#	make && make install		PG_CONFIG=... for another PostgreSQL
#	make check-unit				the pure folders, without a server
#	make installcheck			the offline part of the SQL suite
#	scripts/test				everything

EXTENSION = benchresults_fdw
MODULE_big = benchresults_fdw
PGFILEDESC = "benchresults_fdw - benchmark results in DynamoDB as foreign tables"

OBJS = \
	benchresults_fdw.o \
	src/access/bind.o \
	src/access/bucket.o \
	src/access/choose.o \
	src/access/condition.o \
	src/access/cost.o \
	src/access/entity.o \
	src/access/exact.o \
	src/access/filter.o \
	src/access/index.o \
	src/access/key.o \
	src/access/paging.o \
	src/access/pair.o \
	src/access/sampling.o \
	src/access/schema.o \
	src/access/segment.o \
	src/access/template.o \
	src/aws/endpoint.o \
	src/aws/retry.o \
	src/aws/sigv4.o \
	src/aws/url.o \
	src/base/error.o \
	src/base/own.o \
	src/benchbox/blocks.o \
	src/benchbox/derived.o \
	src/benchbox/detail.o \
	src/benchbox/document.o \
	src/benchbox/legacy.o \
	src/benchbox/names.o \
	src/benchbox/schema.o \
	src/benchbox/validate.o \
	src/dynamodb/cancelled.o \
	src/dynamodb/describe.o \
	src/dynamodb/draft.o \
	src/dynamodb/equal.o \
	src/dynamodb/expression.o \
	src/dynamodb/fault.o \
	src/dynamodb/item.o \
	src/dynamodb/json.o \
	src/dynamodb/measure.o \
	src/dynamodb/members.o \
	src/dynamodb/number.o \
	src/dynamodb/order.o \
	src/dynamodb/page.o \
	src/dynamodb/path.o \
	src/dynamodb/request.o \
	src/dynamodb/span.o \
	src/dynamodb/time.o \
	src/dynamodb/value.o \
	src/dynamodb/wanted.o \
	src/dynamodb/write.o \
	src/fdw/admin.o \
	src/fdw/analyze.o \
	src/fdw/async.o \
	src/fdw/benchbox.o \
	src/fdw/change.o \
	src/fdw/column.o \
	src/fdw/comparison.o \
	src/fdw/compose.o \
	src/fdw/connect.o \
	src/fdw/convert.o \
	src/fdw/datum.o \
	src/fdw/direct.o \
	src/fdw/discover.o \
	src/fdw/encode.o \
	src/fdw/encoding.o \
	src/fdw/explain.o \
	src/fdw/gate.o \
	src/fdw/guard.o \
	src/fdw/import.o \
	src/fdw/indexes.o \
	src/fdw/join.o \
	src/fdw/joinscan.o \
	src/fdw/jsonb.o \
	src/fdw/jsonb_value.o \
	src/fdw/legal.o \
	src/fdw/lookup.o \
	src/fdw/modify.o \
	src/fdw/option.o \
	src/fdw/ordered.o \
	src/fdw/path.o \
	src/fdw/plan.o \
	src/fdw/purpose.o \
	src/fdw/readfirst.o \
	src/fdw/qual.o \
	src/fdw/refresh.o \
	src/fdw/relation.o \
	src/fdw/report.o \
	src/fdw/rowkey.o \
	src/fdw/sample.o \
	src/fdw/scan.o \
	src/fdw/sorter.o \
	src/fdw/spool.o \
	src/fdw/target.o \
	src/fdw/touched.o \
	src/fdw/value.o \
	src/fdw/writing.o \
	src/fdw/written.o \
	src/functions/advise.o \
	src/functions/argument.o \
	src/functions/audit_item.o \
	src/functions/audit_rules.o \
	src/functions/benchbox_pack.o \
	src/functions/benchbox_validate.o \
	src/functions/buffer.o \
	src/functions/check_table.o \
	src/functions/collect.o \
	src/functions/compare_agg.o \
	src/functions/comparison.o \
	src/functions/declared.o \
	src/functions/form.o \
	src/functions/geomean.o \
	src/functions/history.o \
	src/functions/index_command.o \
	src/functions/intervals.o \
	src/functions/moments.o \
	src/functions/object.o \
	src/functions/percentile.o \
	src/functions/pictures.o \
	src/functions/plan_units.o \
	src/functions/robust.o \
	src/functions/row.o \
	src/functions/run.o \
	src/functions/sample.o \
	src/functions/series.o \
	src/functions/sketch.o \
	src/functions/sketch_agg.o \
	src/functions/source.o \
	src/functions/statistics.o \
	src/functions/threshold.o \
	src/io/answer.o \
	src/io/client.o \
	src/io/connection.o \
	src/io/failure.o \
	src/io/feed.o \
	src/io/fetch.o \
	src/io/http.o \
	src/io/merge.o \
	src/io/mux.o \
	src/io/pace.o \
	src/io/reader.o \
	src/io/verdict.o \
	src/io/writer.o \
	src/stats/adjust.o \
	src/stats/bootstrap.o \
	src/stats/byrun.o \
	src/stats/cells.o \
	src/stats/changepoint.o \
	src/stats/compare.o \
	src/stats/decimal.o \
	src/stats/exact_sum.o \
	src/stats/histogram.o \
	src/stats/interval.o \
	src/stats/mean.o \
	src/stats/moments.o \
	src/stats/outlier.o \
	src/stats/paired.o \
	src/stats/picture.o \
	src/stats/quantile.o \
	src/stats/random.o \
	src/stats/ranktest.o \
	src/stats/select.o \
	src/stats/shift.o \
	src/stats/sketch.o \
	src/stats/sketch_bytes.o \
	src/stats/sort.o \
	src/stats/special.o \
	src/stats/summary.o \
	src/stats/threshold.o \
	src/stats/trend.o \
	src/stats/welch.o

# The install script is put together from parts, in this order. Explicit lists
# here and below: with a wildcard a VPATH build would find nothing.
SCRIPT_PARTS = guard foreign tables sample statistics moments sketch \
	intervals comparison history cost tpc pictures runs missing verify \
	write_back mirror run_comparison benchbox_validate \
	benchbox_values benchbox_views benchbox_config benchbox_blocks benchbox_tpc \
	benchbox_work benchbox_details benchbox_upgrade benchbox_items \
	benchbox_import benchbox_export benchbox_anonymize
DATA_built = sql/$(EXTENSION)--1.0.sql
# two parts of the SQL suite: make installcheck needs no service, the other part
# (make installcheck-service) one that scripts/test starts
REGRESS = options import_shape plan gate advise security samples statistics \
	moments sketch intervals comparison history cost tpc pictures \
	pictures_ascii runs verify write_back mirror run_comparison \
	benchbox_validate benchbox_views metamorphic extension
REGRESS_SERVICE = connect import access_patterns params types nulls \
	cursors joins items generic pushdown narrow refresh check_table missing \
	mirrored writes mappings errors benchbox_store
REGRESS_OPTS = --load-extension=$(EXTENSION)

PG_CONFIG ?= pg_config
srcpath = $(if $(srcdir),$(srcdir),.)
exports = $(srcpath)/src/exports.map

PG_CPPFLAGS = -I$(srcpath)/src
# -MMD here and not in PG_CPPFLAGS, which other compilers see as well
PG_CFLAGS = -std=gnu11 -MMD -MP -Wextra -Wno-unused-parameter \
	-Wno-missing-field-initializers -Wno-sign-compare
SHLIB_LINK = -lcurl -ljansson -lcrypto -lz -Wl,--version-script=$(exports)

ifdef STRICT
PG_CFLAGS += -Werror
endif

# LLVM bitcode would be made of every file and used by nothing
override with_llvm = no

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(OBJS): | object-folders
object-folders:
	@mkdir -p $(sort $(dir $(OBJS)))

$(MODULE_big).so: $(exports)

$(DATA_built): $(SCRIPT_PARTS:%=$(srcpath)/sql/extension/%.sql)
	@mkdir -p $(@D)
	cat $^ >$@

-include $(OBJS:.o=.d)

EXTRA_CLEAN = $(OBJS:.o=.d) build

installcheck-service:
	$(pg_regress_installcheck) $(REGRESS_OPTS) $(REGRESS_SERVICE)

check-unit:
	$(MAKE) -C $(srcpath)/test/unit check PG_CONFIG=$(PG_CONFIG)

.PHONY: object-folders check-unit installcheck-service
