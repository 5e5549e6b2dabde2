#!/usr/bin/env bash
# Trunk calls this at the end of a build, before it puts the result into dist/. It gives a name with
# a hash of the content to what trunk leaves without one, so that a browser may keep every asset
# forever: the worker, and the module that starts the page. It makes one style sheet of all, and tells
# page and service worker what the build is made of.
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

# One style sheet for the page in place of one for each part: one request, and they compress better
# together.
styles=$(sed -n 's|.*rel="stylesheet" href="/\([^"]*\)".*|\1|p' index.html)
# shellcheck disable=SC2086 # our own names, without spaces
cat $styles >style.css
hash=$(hash_of style.css)
mv style.css "style-$hash.css"
# shellcheck disable=SC2086 # the same
rm $styles
awk -v sheet="  <link rel=\"stylesheet\" href=\"/style-$hash.css\">" \
  '!/rel="stylesheet"/ { print } /rel="stylesheet"/ && !done++ { print sheet }' index.html >index.html.new && mv index.html.new index.html

# The page starts from a module of its own: an inline one would need a hole in the page's
# Content-Security-Policy.
app=$(compgen -G 'app-*_bg.wasm')
app=${app%_bg.wasm}
printf 'import start from "./%s.js";\nstart({ module_or_path: new URL("./%s_bg.wasm", import.meta.url) });\n' \
  "$app" "$app" >start.js
hash=$(hash_of start.js)
mv start.js "start-$hash.js"
in_page start.js "start-$hash.js"

# What the page needs to start, its large sample photos left out, and a hash of all of it: the service
# worker keeps these files, and the page knows by the hash that the server has another page by now.
files=$(find . -type f | sed 's|^\./||' | grep -E -e '-[0-9a-f]{12,16}[._]' -e '^samples/small/' | LC_ALL=C sort)
# shellcheck disable=SC2086 # our own names, without spaces
hash=$(hash_of index.html sw.js manifest.webmanifest $files)
in_page build-id "$hash"
{
  printf 'const BUILD = "%s";\nconst FILES = [\n' "$hash"
  printf '%s\n' "$files" | sed 's/.*/  "&",/'
  printf '];\n'
  cat sw.js
} >sw.js.new && mv sw.js.new sw.js
