#!/usr/bin/env node
import '../bundle/gen-model.js'
