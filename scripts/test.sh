#!/usr/bin/env bash
# Installs, builds everything and runs every test. Arguments go to ctest, e.g. scripts/test.sh -R Sweep
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
cmake --preset release
cmake --build --preset release
ctest --preset release -j "$(nproc)" "$@"
