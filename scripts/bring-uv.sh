#!/bin/sh
# Prints the path of a uv binary, the tool that installs everything else this project needs.
#
# A uv on PATH is used when it is recent enough. Otherwise .tools/ is filled by the first way that
# works, so that a machine with nothing but Python needs no preparation. PYTHON names the
# interpreter (default: python3). Everything but the path goes to standard error.
set -eu

version=0.13.9 # what .tools/ gets
oldest=0.6.0   # the oldest on PATH that understands uv.lock
python=${PYTHON:-python3}
root=$(cd "$(dirname "$0")/.." && pwd)
tools=$root/.tools
uv=$tools/bin/uv

say() { printf '%s\n' "$*" >&2; }

recent_enough() { # PATH_OF_UV
    found=$("$1" --version 2>/dev/null | cut -d ' ' -f 2) && [ -n "$found" ] &&
        [ "$(printf '%s\n%s\n' "$oldest" "$found" | sort -V | head -n 1)" = "$oldest" ]
}

answer() { # PATH_OF_UV
    printf '%s\n' "$1"
    exit 0
}

keep() { # FOLDER_WITH_UV: move what was installed to its place only when it runs
    "$1/uv" --version >/dev/null 2>&1 || return 1
    mkdir -p "$tools/bin" && cp "$1/uv" "$uv.new" && mv "$uv.new" "$uv"
}

by_venv() {
    "$python" -m venv "$work/venv" >/dev/null 2>&1 &&
        "$work/venv/bin/python" -m pip install --quiet "uv==$version" >&2 &&
        keep "$work/venv/bin"
}

by_pip() {
    "$python" -m pip --version >/dev/null 2>&1 &&
        "$python" -m pip install --quiet --target "$work/pip" "uv==$version" >&2 &&
        keep "$work/pip/bin"
}

by_download() {
    "$python" "$root/scripts/download_uv.py" "$version" "$work/download" && keep "$work/download"
}

by_apt() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root="sudo -n"
    fi
    say "Installing python3-venv with apt-get."
    $as_root apt-get update -qq >&2 &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends python3-venv >&2 &&
        rm -rf "$work/venv" && by_venv
}

on_path=$(command -v uv 2>/dev/null || true)
if [ -n "$on_path" ] && recent_enough "$on_path"; then answer "$on_path"; fi
if [ -x "$uv" ] && [ "$("$uv" --version | cut -d ' ' -f 2)" = "$version" ]; then answer "$uv"; fi

if ! command -v "$python" >/dev/null 2>&1; then
    say "There is no '$python' on this machine. Install Python 3.11 or newer, or set PYTHON."
    exit 1
fi

say "Getting uv $version into .tools/ (once)."
mkdir -p "$tools"
work=$(mktemp -d "$tools/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
for way in by_venv by_pip by_download by_apt; do
    if "$way"; then answer "$uv"; fi
done

say "uv $version could not be installed: '$python' has neither venv nor pip that works, and neither"
say "pypi.org nor apt-get could help. Install one of these, then try again:"
say "  Debian or Ubuntu:  sudo apt-get install python3-venv"
say "  anywhere:          https://docs.astral.sh/uv/getting-started/installation/"
exit 1
