#!/usr/bin/env node
require('../../leti/bundle/farm.cjs')
