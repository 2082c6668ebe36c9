#!/usr/bin/env bash
# Installs Debian's adb where none is found.
set -euo pipefail
if command -v adb >/dev/null; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  echo "No adb found: install Android's platform tools, and put adb on the PATH." >&2
  exit 1
fi
echo 'No adb found: installing the Debian package.' >&2
sudo=''
if [ "$(id -u)" != 0 ]; then sudo=sudo; fi
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends adb
