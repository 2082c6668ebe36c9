#!/usr/bin/env node
require('../bundle/nb101-sample.cjs')
