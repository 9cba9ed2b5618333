#!/bin/sh
# Builds the wheel, installs it alone into a fresh environment and uses it from another folder,
# so that a template or data file that the wheel lacks is noticed before a release.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
uv=$(sh "$root/scripts/bring-uv.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$uv" build --quiet --wheel --out-dir "$work/dist" "$root"
"$uv" export --quiet --frozen --project "$root" --no-default-groups --no-emit-project \
    --output-file "$work/requirements.txt"
"$uv" venv --quiet --python "$root/.venv/bin/python" "$work/venv"
"$uv" pip install --quiet --python "$work/venv/bin/python" \
    --requirements "$work/requirements.txt" "$work"/dist/*.whl

cd "$work"
"$work/venv/bin/forwhom" --help >/dev/null
"$work/venv/bin/python" "$root/scripts/wheel_example.py" "$work"
echo "The wheel installs and works on its own."
