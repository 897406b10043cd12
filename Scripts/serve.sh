#!/bin/sh
# Builds Weir and opens the CRM with its demo data. Usage: serve.sh PORT
set -e

port=${1:-8080}
swift=${SWIFT:-swift}
configuration=debug
if [ "${WEIR_RELEASE:-}" = 1 ] || [ -x .build/release/weir ]; then configuration=release; fi
if [ "$configuration" = debug ]; then
    echo "构建调试版（首次需几分钟）；WEIR_RELEASE=1 make serve 构建更快的发布版（首次 10 分钟以上）。"
    echo "Building a debug version (minutes, the first time); WEIR_RELEASE=1 make serve builds the faster release (10 minutes or more)."
fi
$swift build -c $configuration --product weir
exec "$($swift build -c $configuration --show-bin-path)/weir" serve apps/crm --demo --port "$port"
