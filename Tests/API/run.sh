#!/bin/sh
# The API held against its own description, on every app: sh Tests/API/run.sh [APP …]; EXAMPLES=200 looks longer
set -e
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3}
venv=.build/api-tests
if ! "$python" -c 'import schemathesis' 2>/dev/null; then
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    python="$venv/bin/python"
    "$python" -c 'import schemathesis' 2>/dev/null || "$python" -m pip install -q schemathesis
fi
${SWIFT:-swift} build --product weir
exec "$python" Tests/API/run.py "$@"
