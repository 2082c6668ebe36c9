#!/usr/bin/env bash
# Installs Debian's Chromium where no Chromium or Chrome is found.
set -euo pipefail
for browser in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$browser" >/dev/null; then exit 0; fi
done
if ! command -v apt-get >/dev/null; then
  echo 'No Chromium found: install Chromium or Chrome, and put it on the PATH.' >&2
  exit 1
fi
echo 'No Chromium found: installing the Debian package.' >&2
sudo=''
if [ "$(id -u)" != 0 ]; then sudo=sudo; fi
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends chromium
