# Measures the CPU fixtures anew with LETI's own tools: by CPU time, because other programs and machines share the
# processor, in two visits or four, with the drift of the device taken out. What was measured stays: after a kill,
# the same command continues; `touch build/fixtures/visits.done` first makes do with what there is. See fixtures/README.md.
#
#   make -f scripts/fixtures.mk                      after `make build`, on a machine without other work: 40 minutes
#   make -f scripts/fixtures.mk OUT=/tmp/try KERNELS=20 CELLS=3 ZOO=resnet18     a small sample: 2 minutes

SHELL := bash -o pipefail
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

OUT ?= build/fixtures
KERNELS ?= 1500
CELLS ?= 60
ZOO ?= all
RUN ?= device-run -d node --clock cpu --max-seconds .3

# What the benches read of a record, to five digits.
KEEP := def digits: if type == "array" then map(digits) elif type != "number" or . == 0 then . \
    else pow(10; 4 - (log10 | floor)) as $$by | (. * $$by | round) / $$by end; \
  def known: with_entries(select(.value != null)); \
  {id, arch, measurement: (.measurement | {device, target, runtime, backend, threads, batch, \
    latency_ms: (.latency_ms | {median, mean, min, count, ci95} | known | map_values(digits)), \
    quality: (.quality | {visits, noise, flags} | known | map_values(digits)), \
    environment: (.environment | {os, cpu, cpu_count, node, clock})})}

SETS := kernels nb101-f64 zoo nb101-vertices nb101-resolutions

.PHONY: all
.PRECIOUS: $(OUT)/visits.ndjson
.DELETE_ON_ERROR:

all: $(SETS:%=$(OUT)/%-node-cpu.ndjson.gz)

$(OUT)/kernels.ndjson:
	@mkdir -p $(@D)
	kernel-sample -n $(KERNELS) --seed 1 > $@

$(OUT)/nb101-f64.ndjson:
	@mkdir -p $(@D)
	nb101-sample -n $(CELLS) --seed 2020 --stem-filter-size 64 > $@

$(OUT)/zoo.ndjson:
	@mkdir -p $(@D)
	gen-model --zoo $(ZOO) > $@

$(OUT)/nb101-vertices.ndjson:
	@mkdir -p $(@D)
	nb101-sample -n $$(( ($(CELLS) * 2 + 2) / 3 )) --seed 1 --vertices 2-5 --stem-filter-size 32 > $@
	nb101-sample -n $$(( ($(CELLS) * 2 + 4) / 5 )) --seed 1 --vertices 7 --stem-filter-size 32 >> $@

$(OUT)/nb101-resolutions.ndjson:
	@mkdir -p $(@D)
	nb101-sample -n $$(( ($(CELLS) * 2 + 4) / 5 )) --seed 2 --stem-filter-size 32 > $@
	for size in 48 64 96 128; do \
	  nb101-sample -n $$(( ($(CELLS) * 2 + 14) / 15 )) --seed 3 --stem-filter-size 32 --input-shape $${size}x$${size}x3 || exit; \
	done >> $@

# All sets in one run, so that their visits share the drift. Whole networks, which judge predictors, have two visits more.
# Exit code 1: some networks failed.
$(OUT)/visits.done: $(SETS:%=$(OUT)/%.ndjson)
	jq -c '{id, arch}' $^ > $(OUT)/all.ndjson
	jq -c '{id, arch}' $(filter-out $(OUT)/kernels.ndjson, $^) > $(OUT)/whole.ndjson
	$(RUN) --visits 2 --resume $(OUT)/visits.ndjson $(OUT)/all.ndjson >> $(OUT)/visits.ndjson || [ $$? = 1 ]
	$(RUN) --visits 4 --resume $(OUT)/visits.ndjson $(OUT)/whole.ndjson >> $(OUT)/visits.ndjson || [ $$? = 1 ]
	@touch $@

# Networks that failed have no measurement.
$(OUT)/measured.ndjson: $(OUT)/visits.done
	jq -c 'select(.measurement)' $(OUT)/visits.ndjson | detrend > $@
	jq -c 'select(.measurement)' $(OUT)/visits.ndjson | detrend --report | tee $(OUT)/report.txt

# In the order of the sets, not of the visits.
$(OUT)/%-node-cpu.ndjson.gz: $(OUT)/measured.ndjson
	jq -nc --slurpfile drawn $(OUT)/$*.ndjson \
	  'INDEX(inputs; .id) as $$measured | $$drawn[] | $$measured[.id] // empty | $(KEEP)' $< | gzip -9n > $@
