#!/usr/bin/env node
import '../bundle/predict.js'
