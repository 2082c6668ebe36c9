#!/usr/bin/env node
require('../bundle/train.cjs')
