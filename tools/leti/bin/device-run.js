#!/usr/bin/env node
import '../bundle/device-run.js'
