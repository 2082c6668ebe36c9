#!/usr/bin/env bash
# Installs a Debian package where no command of it, or of the same kind, is found.
# Usage: ensure-command.sh PACKAGE COMMAND...
set -euo pipefail
package=$1
shift
for command in "$@"; do
  if command -v "$command" >/dev/null; then exit 0; fi
done
if ! command -v apt-get >/dev/null; then
  echo "No $package found: install it, and put it on the PATH." >&2
  exit 1
fi
echo "No $package found: installing the Debian package." >&2
sudo=''
if [ "$(id -u)" != 0 ]; then sudo=sudo; fi
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "$package"
