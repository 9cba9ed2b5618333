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
export PATH="$work/venv/bin:$PATH"
forwhom --help >/dev/null
python - <<'EXAMPLE'
import csv, random

random.seed(1)
with open("customers.csv", "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["customer_id", "visits", "channel"])
    for i in range(300):
        often = random.random() < 0.4
        channel = "online" if random.random() < (0.9 if often else 0.2) else "store"
        rows.writerow([f"{i:04d}", random.randint(8, 14) if often else random.randint(0, 4), channel])
EXAMPLE
forwhom discover customers.csv --k-max 3 --quiet >/dev/null
forwhom sql segments --table customers >/dev/null
test -s segments/report.html
test -s segments/members.parquet
echo "The wheel works on its own."
