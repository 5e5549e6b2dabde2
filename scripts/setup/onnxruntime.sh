#!/usr/bin/env bash
# ONNX Runtime's shared library, the embedded engine's: $CONCH_CACHE/onnxruntime/1.31.1/.
# From the Python wheel, else from the npm package. Both hold the same vendor's builds.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pip.sh"

version=1.31.1
npm_version=1.30.0 # the newest that npm has
folder=$CONCH_CACHE/onnxruntime/$version

# Per platform: the wheel's tag, size and digest; the library in it, its size and digest; then
# the npm package's library, its size and digest. One wheel, CPython 3.12's: the library in it
# is the same for every Python.
case "$(uname -s)-$(uname -m)" in
Linux-x86_64)
  library=libonnxruntime.so
  wheel=(manylinux_2_28_x86_64 23760988 1f3dea47f2f0e5117c2404cea7d21fd253ae7836a3bf167a501cdfbb2600d536)
  in_wheel=("onnxruntime/capi/libonnxruntime.so.$version" 29352200 fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3)
  in_npm=(linux/x64/libonnxruntime.so.1 45828512 ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23)
  ;;
Linux-aarch64)
  library=libonnxruntime.so
  wheel=(manylinux_2_28_aarch64 21420803 0b9a492176886992e0e875f06bc0367e333f5fff11711a2d642e18b02f3009cc)
  in_wheel=("onnxruntime/capi/libonnxruntime.so.$version" 25265040 8aa3b76b28c778a2b1dd660d34161adb1d508c9ccd04ff9dc80e26eca5df8467)
  in_npm=(linux/arm64/libonnxruntime.so.1 25135496 1f549d46250b005580b597f4164984aaf75b3bcb9f3aeb07c7f8a8fe60b23c76)
  ;;
Darwin-arm64)
  library=libonnxruntime.dylib
  wheel=(macosx_14_0_arm64 20882125 96dd2564b10ea7153ad9c207e7cd8e5917cb3ba521e0e0a62ac03486fdc8d56c)
  in_wheel=("onnxruntime/capi/libonnxruntime.$version.dylib" 33037336 d586cbe89effc085a09d3341b3cfbd5c322517f9d397aeb20814af21433f2b36)
  in_npm=("darwin/arm64/libonnxruntime.$npm_version.dylib" 44589928 685d2be5dba1309c89d3a5324b7fd06a5c42f1a61bfea32d14c4cc28d072121d)
  ;;
*)
  library=
  ;;
esac

# way_out TRIED: the last word.
way_out() {
  die "ONNX Runtime, which runs the models inside conch, could not be put in place" "$1" \
    "give a library that you have: conch serve --onnxruntime PATH, or CONCH_ONNXRUNTIME=PATH"
}

if [ -n "${CONCH_ONNXRUNTIME:-}" ]; then
  [ -e "$CONCH_ONNXRUNTIME" ] || way_out "CONCH_ONNXRUNTIME is $CONCH_ONNXRUNTIME, and there is no such file"
  exit 0
fi
[ -n "$library" ] || way_out "no build is pinned for $(uname -s) on $(uname -m)"
target=$folder/$library
checked "$target" "${in_wheel[1]}" "${in_wheel[2]}" && exit 0
checked "$target" "${in_npm[1]}" "${in_npm[2]}" && exit 0

step "ONNX Runtime $version" "10 seconds, 24 MB"
work=$(mktemp -d "$CONCH_CACHE/downloads/onnxruntime.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"

from_wheel() {
  local python
  python=$(find_pip) &&
    fetch_wheel "$python" "onnxruntime==$version" "$work/wheel.zip" "${wheel[1]}" "${wheel[2]}" \
      --platform "${wheel[0]}" --python-version 312 --implementation cp --abi cp312 &&
    "$python" -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' \
      "$work/wheel.zip" "${in_wheel[0]}" >"$work/$library" &&
    checked "$work/$library" "${in_wheel[1]}" "${in_wheel[2]}" &&
    mv -f "$work/$library" "$target"
}

# The library lies under its own version; a link stands where conch looks.
from_npm() {
  local there=$CONCH_CACHE/onnxruntime/$npm_version
  have npm || return 1
  note "not from the Python registry; trying npm's onnxruntime-node $npm_version (114 MB)"
  (cd "$work" && npm pack --silent "onnxruntime-node@$npm_version" >&2) &&
    tar -xzOf "$work/onnxruntime-node-$npm_version.tgz" "package/bin/napi-v6/${in_npm[0]}" >"$work/$library" &&
    checked "$work/$library" "${in_npm[1]}" "${in_npm[2]}" &&
    mkdir -p "$there" && mv -f "$work/$library" "$there/$library" &&
    ln -sf "../$npm_version/$library" "$work/link" && mv -f "$work/link" "$target"
}

# A subshell, so that a `die` inside says its word and the next way is tried all the same.
(from_wheel) || (from_npm) ||
  way_out "tried: the Python wheel onnxruntime $version, the npm package onnxruntime-node $npm_version"
note "$target"
