"""Fits XGBoost and predicts: JSON in, JSON out. Run by xgboost-peer.js."""

import json
import sys
import time

import numpy as np
import xgboost

given = json.load(sys.stdin)
train, test = np.array(given["train"]), np.array(given["test"])
targets = np.array(given["targets"])

start = time.perf_counter()
data = xgboost.DMatrix(train, targets)
model = xgboost.train(given["options"], data, num_boost_round=given["trees"])
fit_ms = 1000 * (time.perf_counter() - start)

start = time.perf_counter()
rounds = 0
while time.perf_counter() - start < given["least_ms"] / 1000:
    predicted = model.predict(xgboost.DMatrix(test))
    rounds += 1
rate = rounds * len(test) / (time.perf_counter() - start)

json.dump({"predicted": predicted.tolist(), "fit_ms": fit_ms, "rate": rate}, sys.stdout)
