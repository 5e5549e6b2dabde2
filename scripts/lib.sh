# What every script here shares. Source it: `. "$(dirname "$0")/lib.sh"`.
# Everything that is put in place goes to $CONCH_CACHE, never into the checkout
# (the exception: the models' weights, model_repo/*/1/).
# shellcheck shell=bash
set -euo pipefail

# shellcheck disable=SC2034 # for those who source this
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CONCH_CACHE=${CONCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/conch}
# One target directory for all checkouts, so that a fresh clone builds in little time.
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CONCH_CACHE/target}
export CONCH_CACHE CARGO_TARGET_DIR
PATH=$CONCH_CACHE/bin:$PATH
mkdir -p "$CONCH_CACHE/bin" "$CONCH_CACHE/downloads"

if [ -t 2 ]; then BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' RESET=$'\e[0m'; else BOLD='' DIM='' RED='' RESET=''; fi

# step TITLE [HOW_LONG]: what begins now, and how long it usually takes.
step() { printf '%s==>%s %s%s\n' "$BOLD" "$RESET" "$1" "${2:+ ${DIM}(usually $2)$RESET}" >&2; }
# note TEXT: one line under the current step.
note() { printf '    %s\n' "$1" >&2; }
# die WHAT WHY WHAT_TO_DO: ends with what it was for, what was tried, what the user can do.
die() {
  printf '%serror:%s %s\n' "$RED" "$RESET" "$1" >&2
  shift
  for line in "$@"; do note "$line"; done
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# sha256 FILE: its digest alone.
sha256() { if have sha256sum; then sha256sum "$1" | cut -d' ' -f1; else shasum -a 256 "$1" | cut -d' ' -f1; fi; }

# checked FILE SIZE SHA256: true when the file is there, whole and the right one.
checked() {
  [ -f "$1" ] && [ "$(wc -c <"$1" | tr -d ' ')" = "$2" ] && [ "$(sha256 "$1")" = "$3" ]
}

# download URL FILE [CURL_OPTION…]: gives up on a connection that stalls.
download() {
  curl --fail --location --silent --show-error --connect-timeout 10 --retry 2 \
    --speed-limit 1000 --speed-time 30 --output "$2" "${@:3}" "$1" >&2
}

# resume URL FILE: goes on where the last try ended; where the server cannot, from the start.
resume() {
  download "$1" "$2" --continue-at - && return 0
  case $? in
  # curl's words for a range that is refused: HTTP error, range error, bad resume.
  22 | 33 | 36) rm -f "$2" && download "$1" "$2" ;;
  *) return 1 ;;
  esac
}

# fetch URL FILE SIZE SHA256: downloads to FILE.part (resumed when one is left), checks, renames.
# Returns 1, with nothing at FILE, when it cannot be had or is not what was pinned.
fetch() {
  local url=$1 file=$2 size=$3 digest=$4 part=$2.part
  checked "$file" "$size" "$digest" && return 0
  mkdir -p "$(dirname "$file")"
  checked "$part" "$size" "$digest" || resume "$url" "$part" || return 1
  if ! checked "$part" "$size" "$digest"; then
    note "$(basename "$file"): $(wc -c <"$part" | tr -d ' ') bytes, sha256 $(sha256 "$part"); expected $size bytes, $digest"
    rm -f "$part"
    return 1
  fi
  mv -f "$part" "$file"
}

# as_root COMMAND…: as it is for root, through sudo where that asks no password, else false.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

# debian_packages NAME…: installs them where apt-get is there and may be used.
debian_packages() {
  have apt-get || return 1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -qq -y --no-install-recommends "$@" >>"$CONCH_CACHE/apt.log" 2>&1 && return 0
  as_root apt-get -o DPkg::Lock::Timeout=120 update -qq >>"$CONCH_CACHE/apt.log" 2>&1 || return 1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -qq -y --no-install-recommends "$@" >>"$CONCH_CACHE/apt.log" 2>&1
}
