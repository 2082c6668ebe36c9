#!/usr/bin/env node
require('../../leti/bundle/device-run.cjs')
