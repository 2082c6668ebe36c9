#!/usr/bin/env node
require('../bundle/device-run.cjs')
