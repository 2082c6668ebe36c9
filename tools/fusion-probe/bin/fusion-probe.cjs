#!/usr/bin/env node
require('../../leti/bundle/fusion-probe.cjs')
