#!/usr/bin/env node
import '../bundle/featurize.js'
