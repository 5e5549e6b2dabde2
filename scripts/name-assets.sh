#!/usr/bin/env bash
# Trunk calls this at the end of a build, before it puts the result into dist/. It gives a name with
# a hash of the content to what trunk leaves without one, so that a browser may keep every asset
# forever: the worker, and the module that starts the page. And it lays the laboratory's text beside
# the page, which links to it.
set -euo pipefail
cd "$TRUNK_STAGING_DIR"

hash_of() { cat "$@" | if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-16; }
# in_page OLD NEW: replaces the name of an asset in the page.
in_page() { sed "s|\([=\"'/]\)$1\([\"' >]\)|\1$2\2|g" index.html >index.html.new && mv index.html.new index.html; }

# The worker is one script: what wasm-bindgen wrote, and a line that loads the wasm beside it. Thrown
# outside the promise, a failed load is an `error` event, which the page hears at once.
if [ -f worker.js ]; then
  hash=$(hash_of worker.js worker_bg.wasm)
  mv worker_bg.wasm "worker-${hash}_bg.wasm"
  { cat worker.js && printf '\nwasm_bindgen({ module_or_path: "worker-%s_bg.wasm" }).catch((e) => setTimeout(() => { throw e; }));\n' "$hash"; } >"worker-$hash.js"
  rm worker.js
  in_page worker.js "worker-$hash.js"
  in_page worker_bg.wasm "worker-${hash}_bg.wasm"
fi

# The page starts from a module of its own: an inline one would need a hole in the page's
# Content-Security-Policy.
app=$(compgen -G 'app-*_bg.wasm')
app=${app%_bg.wasm}
printf 'import start from "./%s.js";\nstart({ module_or_path: new URL("./%s_bg.wasm", import.meta.url) });\n' \
  "$app" "$app" >start.js
hash=$(hash_of start.js)
mv start.js "start-$hash.js"
in_page start.js "start-$hash.js"
