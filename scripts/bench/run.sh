#!/usr/bin/env bash
# Runs all benchmarks.
set -euo pipefail
cd "$(dirname "$0")"
for bench in start-up nb101-sample stream speed gen-model predictors predictor-speed transfer intervals ncnn search front measured zoo farm; do
  node "$bench.js"
  echo
done
