#!/usr/bin/env node
require('../bundle/gen-model.cjs')
