#!/usr/bin/env node
import '../bundle/train.js'
