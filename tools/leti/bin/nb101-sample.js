#!/usr/bin/env node
import '../bundle/nb101-sample.js'
