#!/usr/bin/env bash
# The whole pipe without a phone or a browser: measures cells on this computer, trains a predictor, predicts
# held-out cells, and compares the predictions with measurements. The results stay in build/demo.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"
out=build/demo
mkdir -p "$out"

# A quarter of the published width keeps the demo within a few minutes.
config='--stem-filter-size 32'

# Two short visits, far apart, tell more than a long one: `detrend` takes out what the computer did meanwhile.
measure() {
  device-run --device node --visits 2 --max-seconds 0.6 "$@"
}

# The minimum of a network's runs is the statistic that other work on the computer disturbs least.
echo '1. Measure 60 cells of NAS-Bench-101 on this computer, each in two visits, and learn from them.'
nb101-sample -n 60 --seed 1 $config > "$out/cells.ndjson"
measure "$out/cells.ndjson" > "$out/visits.ndjson"
detrend "$out/visits.ndjson" > "$out/measured.ndjson"
featurize "$out/measured.ndjson" | train --statistic min > "$out/predictor.json"

echo '2. Predict 20 other cells, then measure them too.'
nb101-sample -n 20 --seed 2 --exclude "$out/measured.ndjson" $config |
  featurize | predict --predictor "$out/predictor.json" > "$out/predicted.ndjson"
measure "$out/predicted.ndjson" > "$out/held-out-visits.ndjson"
detrend "$out/held-out-visits.ndjson" > "$out/held-out.ndjson"

echo '3. Compare measured (minimum of the runs) and predicted latency, in ms.'
node scripts/demo-table.js "$out/held-out.ndjson"
predict --predictor "$out/predictor.json" --report "$out/held-out.ndjson" > /dev/null

echo '4. How well the visits of the 20 cells agree. No predictor can be better than the floor of its statistic.'
detrend --report "$out/held-out-visits.ndjson"
