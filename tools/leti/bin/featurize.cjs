#!/usr/bin/env node
require('../bundle/featurize.cjs')
