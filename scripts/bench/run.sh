#!/usr/bin/env bash
# Runs all benchmarks.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
for bench in start-up nb101-sample stream gen-model predictors predictor-speed transfer ncnn measured zoo; do
  node "scripts/bench/$bench.js"
  echo
done
