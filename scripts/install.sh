#!/usr/bin/env bash
# Puts the program `conch` where cargo puts programs, for a machine that is set up.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
cargo install --locked --path proxy --bin conch
