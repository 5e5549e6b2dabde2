#!/usr/bin/env bash
# Deletes what the set-up and the builds put into the cache folder. The models' weights stay: they
# are in model_repo/.
. "$(dirname "$0")/lib.sh"
step "Deleting $CONCH_CACHE ($(du -sh "$CONCH_CACHE" | cut -f 1))"
rm -rf "$CONCH_CACHE"
