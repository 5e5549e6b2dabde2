#!/usr/bin/env bash
# A real Triton without its image of 11 GB; prints its folder. The Python wheel nvidia-pytriton
# holds tritonserver 2.51 with its Python backend; it is unpacked, not installed. Beside it goes an
# environment with what the onnxruntime backend of deploy/triton/ imports.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pip.sh"

version=2.51.0
pytriton=0.7.0
requirements=$ROOT/scripts/setup/triton-requirements.txt
# The folder's name holds the digest of the requirements, so a change there makes a new one.
folder=$CONCH_CACHE/triton/$version-$(sha256 "$requirements" | cut -c1-16)

# It runs, not only exists: a distribution's upgrade can take Python or its library away.
if [ -e "$folder/lib/libpython" ] && "$folder/python/bin/python" -c '' 2>/dev/null; then
  echo "$folder"
  exit 0
fi

# way_out REASON…: the last word.
way_out() {
  die "a Triton of your own could not be put in place" "$@" \
    "without it, conch runs the same models itself (make serve); with Docker, docker compose up runs Triton's image"
}

# The wheel's tag, size and digest.
case "$(uname -s)-$(uname -m)" in
Linux-x86_64) wheel=(manylinux_2_35_x86_64 55369373 21f063ff93bb426d0c06b7a55e7eb9efcfe62c0dddd9a908e9877e18710128df) ;;
Linux-aarch64) wheel=(manylinux_2_35_aarch64 53818874 f99e07ee56fe065337453956afba17d2673e02ec6a632c3de26ce6e7b32a0898) ;;
*) way_out "there is a build for Linux on x86_64 and aarch64, none for $(uname -s) on $(uname -m)" ;;
esac
glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)
[ "$(printf '%s\n' 2.35 "${glibc:-0}" | sort -V | head -n 1)" = 2.35 ] ||
  way_out "it needs glibc 2.35 or newer (Debian 12, Ubuntu 22.04); found: ${glibc:-no glibc}"

# Triton's stub, the process that runs a backend's Python, holds no interpreter but loads
# libpython3.N.so. The wheel has stubs for 3.8 to 3.13, and for the last one the library too; the
# pinned numpy and onnxruntime need 3.11 or newer. That leaves 3.11 to 3.13.
#
# about PYTHON: prints three lines: its own path, its version, its shared library's path.
about() {
  "$1" - 2>/dev/null <<'EOF'
import os, sys, sysconfig
sys.exit(1) if not (3, 11) <= sys.version_info[:2] <= (3, 13) else None
library = [sysconfig.get_config_var(name) or "" for name in ("LIBDIR", "INSTSONAME")]
print(sys.executable, "3.%d" % sys.version_info[1], os.path.join(*library), sep="\n")
EOF
}
# choose_python: sets `python`, `minor` and `library` to those of the first one that will do.
choose_python() {
  local name found
  for name in python3 python3.13 python3.12 python3.11; do
    found=$(about "$name") || continue
    { read -r python && read -r minor && read -r library; } <<<"$found"
    [ "$minor" != 3.13 ] || return 0
    case $library in *.so*) ;; *) continue ;; esac
    [ -e "$library" ] || debian_packages "libpython$minor" || continue
    [ ! -e "$library" ] || return 0
  done
  return 1
}

step "Triton $version" "30 seconds, 70 MB"
choose_python || { debian_packages python3 python3-venv && choose_python; } ||
  way_out "its stub needs Python 3.11 or 3.12 with a shared library (libpython3.11.so.1.0), or 3.13" \
    "looked for python3, python3.13, python3.12 and python3.11 in PATH; a Python that was built without --enable-shared will not do" \
    "install one (Debian 12: apt install libpython3.11 python3-venv; Ubuntu 24.04: libpython3.12 python3-venv), then run this again"

rm -rf "$folder"
mkdir -p "$CONCH_CACHE/triton"
new=$(mktemp -d "$CONCH_CACHE/triton/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
make_venv "$python" "$new/python" "$requirements" "Triton's"

# Kept until it is unpacked, so that a set-up that was cut off need not download it again.
file=$CONCH_CACHE/downloads/nvidia_pytriton-$pytriton-${wheel[0]}.whl
fetch_wheel "$new/python/bin/python" "nvidia-pytriton==$pytriton" "$file" "${wheel[1]}" "${wheel[2]}" --platform "${wheel[0]}" ||
  way_out "tried: the Python wheel nvidia-pytriton $pytriton (55 MB)" \
    "behind a proxy or a mirror, set pip's own options (PIP_INDEX_URL, PIP_PROXY)"
"$new/python/bin/python" - "$file" "$new" <<'EOF'
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
wanted = ("pytriton/tritonserver/", "nvidia_pytriton.libs/")
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted) or "/licenses/" in name])
EOF

# The stub goes beside the copied backend, as deep in the tree as it was: both find their libraries
# by a path that begins at themselves.
server=$new/pytriton/tritonserver
cp "$server/python_backend_stubs/$minor/triton_python_backend_stub" "$server/backends/python/"
chmod +x "$server/bin/tritonserver" "$server/backends/python/triton_python_backend_stub"
rm -rf "$server/python_backend_stubs"

# A folder with this one library, for LD_LIBRARY_PATH. 3.13's came with the wheel.
mkdir "$new/lib"
if [ "$minor" = 3.13 ]; then
  library=$(cd "$new" && echo nvidia_pytriton.libs/libpython3-*) && library=../$library
else
  ln -s "$library" "$new/lib/"
fi
ln -s "$library" "$new/lib/libpython"

missing=$(LD_LIBRARY_PATH=$new/lib ldd "$server/bin/tritonserver" "$server/backends/python/triton_python_backend_stub" | grep 'not found' || true)
[ -z "$missing" ] || way_out "libraries that it needs are not here: ${missing//$'\n'/;}"

[ -e "$folder" ] || mv "$new" "$folder"
rm -f "$file"
note "$folder, with Python $minor ($python)"
echo "$folder"
