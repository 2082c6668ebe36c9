#!/usr/bin/env node
require('../bundle/predict.cjs')
