#!/bin/sh
# Installs the system libraries Weir is built on, where they are missing.
set -e

missing() { ! pkg-config --exists "$1" 2>/dev/null; }

need=""
command -v pkg-config >/dev/null 2>&1 || need="pkg-config"
missing yaml-0.1 && need="$need libyaml"
missing sqlite3 && need="$need sqlite"
missing zlib && need="$need zlib"
[ -z "$need" ] && exit 0

echo "安装系统库 / installing system libraries:$need"
if command -v apt-get >/dev/null 2>&1; then
    root=""
    [ "$(id -u)" = 0 ] || root="sudo"
    $root apt-get update -q
    DEBIAN_FRONTEND=noninteractive $root apt-get install -qy pkg-config libyaml-dev libsqlite3-dev zlib1g-dev
elif command -v brew >/dev/null 2>&1; then
    brew install pkg-config libyaml sqlite zlib
else
    echo "请手动安装 libyaml、sqlite3、zlib 的开发包。" >&2
    echo "Install the development packages of libyaml, sqlite3 and zlib by hand." >&2
    exit 3
fi
