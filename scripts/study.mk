# The question of the paper (Ponomarev, Matveev, Oseledets: LETI, 2020), asked of this computer or of a phone: how
# well do MACs, a lookup table and a learned predictor predict latency, for cells of NAS-Bench-101 and for popular
# networks? Every file is a target. What was measured stays: after a kill, the same command continues.
#
#   make study                          9 minutes on 2 cores, without a phone and without a GPU
#   make study SIZE=medium DEVICE=pixel-gpu
#   make -f scripts/study.mk build/study/small/chromium+webgl/measured.ndjson
#   make -f scripts/study.mk pack       the finished study as small files: fixtures/study/small
#
# A visit takes SECONDS at most, and a second or two to load and to warm up. With two visits each, small is 100 visits a
# device, medium 432 (expect half an hour) and full 2,086 (expect a night).

SHELL := bash -o pipefail
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

SIZE ?= small
# NAME or NAME+BACKEND, separated by spaces; the names are those of device-run. By default: this computer's CPU, its
# browser's GPU (which may be software), and the phones of devices.yaml that are attached.
ifndef DEVICE
DEVICE := $(shell node_modules/.bin/device-run --list | jq -r 'select(.device and .state == "ready") | .device \
  | if . == "node" then "node+wasm" elif . == "chromium" then "chromium+webgl", "chromium+webgpu" else . end')
endif
ifeq ($(strip $(DEVICE)),)
$(error no device is ready: device-run --list says why)
endif

CELLS_small := 40
CELLS_medium := 200
CELLS_full := 1000
# Of these the curve trains on four fifths.
TRAINING_small := 32
TRAINING_medium := 160
TRAINING_full := 800
# Narrow cells, because WebGL in software is slow; the published cells have 128 filters.
CONFIG_small := --stem-filter-size 16
CONFIG_medium := --stem-filter-size 64
CONFIG_full :=
POPULAR := mobilenet_v1,mobilenet_v2,mobilenet_v3_small,shufflenet_v2,squeezenet1_1,mnasnet_b1,resnet18,regnet_x_200mf,ghostnet,proxylessnas_mobile
ZOO_small := $(POPULAR) --resolution 64
ZOO_medium := $(POPULAR),mobilenet_v3_large,resnet34,resnet50,densenet121,efficientnet_b0,regnet_y_400mf
ZOO_full := all
ZOO_TRAINING_small := 8
ZOO_TRAINING_medium := 13
ZOO_TRAINING_full := 36
SECONDS_small := 0.4
SECONDS_medium := 2
SECONDS_full := 10

ifndef CELLS_$(SIZE)
$(error SIZE=$(SIZE): use small, medium or full)
endif

CELLS ?= $(CELLS_$(SIZE))
TRAINING ?= $(TRAINING_$(SIZE))
OUT ?= build/study/$(SIZE)
# A proxy, a lookup table of kernels, and what LETI learns.
METHODS := flops,lut,auto
RUN := device-run --visits 2
PACKED ?= fixtures/study/$(SIZE)
# What tells the machine of a measurement.
MACHINE := .measurement | [.device, .backend, .runtime, (.environment | .cpu, .cpu_count, .gpu, .os, .browser, .node)] \
  | map(values | tostring) | join(", ")
TRAIN := train

MEASURED := $(DEVICE:%=$(OUT)/%/measured.ndjson)
PREDICTORS := $(DEVICE:%=$(OUT)/%/predictor.json)
CELL_TABLES := $(DEVICE:%=$(OUT)/%/cells.txt)
ZOO_TABLES := $(DEVICE:%=$(OUT)/%/zoo.txt)

.PHONY: study pack
# Keeps the stamp of a device that DEVICE does not name. .SECONDARY would too, but then what is missing is not made again.
.PRECIOUS: $(OUT)/%/visits.done
.DELETE_ON_ERROR:

study: $(OUT)/report.html $(OUT)/tables.txt
	@cat $(OUT)/tables.txt
	@echo; echo 'Report: $(OUT)/report.html'

# The visits, from which all else follows, the tables, and the figures of the report as SVG.
pack: $(OUT)/tables.txt $(OUT)/report.html
	@mkdir -p $(PACKED)
	rm -f $(PACKED)/*
	for device in $(DEVICE); do gzip -9nc $(OUT)/$$device/visits.ndjson > $(PACKED)/$$device.ndjson.gz; done
	cp $(OUT)/tables.txt $(PACKED)
	cp $(OUT)/figures/latency-macs.svg $(OUT)/figures/predicted.svg $(PACKED)
	find $(OUT)/figures -name 'learning-curve-*.svg' -exec cp {} $(PACKED) ';'
	@du -sh $(PACKED)

$(OUT)/tables.txt: $(CELL_TABLES) $(ZOO_TABLES) $(OUT)/repeatability.txt
	@{ echo 'Measured on'; cat $(MEASURED) | jq -r '$(MACHINE)' | sort -u; \
	  echo; echo 'Cells of NAS-Bench-101: $(TRAINING) of $(CELLS) to learn from, 5 random splits'; cat $(CELL_TABLES); \
	  echo; echo 'Popular networks: $(ZOO_TRAINING_$(SIZE)) to learn from, the others predicted, 20 random splits'; cat $(ZOO_TABLES); \
	  echo; echo 'How well two visits agree. No predictor can be better than the floor'; cat $(OUT)/repeatability.txt; } > $@

$(OUT)/cells.ndjson:
	@mkdir -p $(@D)
	nb101-sample -n $(CELLS) --seed 1 --stratify macs $(CONFIG_$(SIZE)) > $@

$(OUT)/zoo.ndjson:
	@mkdir -p $(@D)
	gen-model --zoo $(ZOO_$(SIZE)) > $@

# A stamp, because visits.ndjson exists from the first visit on. Exit code 1: some networks failed, and carry an error.
$(OUT)/%/visits.done: $(OUT)/cells.ndjson $(OUT)/zoo.ndjson
	@mkdir -p $(@D)
	$(RUN) -d $(word 1,$(subst +, ,$*)) $(addprefix --backend ,$(word 2,$(subst +, ,$*))) \
	  --max-seconds $(SECONDS_$(SIZE)) \
	  --resume $(@D)/visits.ndjson $^ >> $(@D)/visits.ndjson || [ $$? = 1 ]
	@touch $@

$(OUT)/%/measured.ndjson: $(OUT)/%/visits.done
	detrend $(@D)/visits.ndjson | jq -c 'select(.measurement)' | featurize > $@

$(OUT)/%/predictor.json: $(OUT)/%/measured.ndjson
	jq -c 'select(.arch.space == "nb101")' $< | $(TRAIN) > $@

$(OUT)/%/cells.txt: $(OUT)/%/measured.ndjson
	jq -c 'select(.arch.space == "nb101")' $< | \
	  evaluate --learning-curve $(TRAINING) --model $(METHODS) > $@

$(OUT)/%/zoo.txt: $(OUT)/%/measured.ndjson
	jq -c 'select(.arch.space == "zoo")' $< | \
	  evaluate --learning-curve $(ZOO_TRAINING_$(SIZE)) --splits 20 --model $(METHODS) > $@

$(OUT)/repeatability.txt: $(DEVICE:%=$(OUT)/%/visits.done)
	cat $(^:visits.done=visits.ndjson) | detrend --report > $@

$(OUT)/report.html: $(MEASURED) $(PREDICTORS)
	rm -rf $(OUT)/figures
	cat $(MEASURED) | report --figures $(OUT)/figures --title 'LETI study, $(SIZE)' $(addprefix --predictor ,$(PREDICTORS)) > $@
