#!/bin/sh
# Make a virtual environment with the newest supported Python there is, or say what is missing.
set -eu
venv=$1
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c "$supported" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  exit 0
fi
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$supported" >/dev/null 2>&1; then
    python=$candidate
    break
  fi
done
if [ -z "${python:-}" ]; then
  echo "No Python 3.11, 3.12 or 3.13 found. Install one, or name it: make setup PYTHON=/path/to/python3" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  echo "$python has no ensurepip, which a virtual environment needs." >&2
  echo "On Debian and Ubuntu: sudo apt-get install python$version-venv. Or name another Python: make setup PYTHON=..." >&2
  exit 1
fi
echo "Setting up $venv with $("$python" --version): about 150 packages, once."
"$python" -m venv --clear "$venv"
