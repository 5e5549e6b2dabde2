#!/usr/bin/env bash
# A real Triton that serves model_repo/ on this machine, until Ctrl-C. Settings are the laboratory's
# variables: HTTP_P, GRPC_P and PROM_P (ports: 8000, 8001, 8002), MODEL_REPOSITORY (a folder).
# Arguments go to tritonserver, e.g. --log-verbose=1.
. "$(dirname "$0")/lib.sh"

HTTP_P=${HTTP_P:-8000} GRPC_P=${GRPC_P:-8001} PROM_P=${PROM_P:-8002}
repository=${MODEL_REPOSITORY:-$ROOT/model_repo}

for name in HTTP_P GRPC_P PROM_P; do
  port=${!name}
  { [[ $port =~ ^[1-9][0-9]{0,4}$ ]] && [ "$port" -le 65535 ]; } ||
    die "$name is \"$port\"; expected a port, a number from 1 to 65535"
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null ||
    die "port $port of 127.0.0.1 is taken; Triton wants it ($name)" \
      "end what listens there, or choose another: $name=$((port < 65000 ? port + 1000 : 10000)) make triton"
done
[ "$(printf '%s\n' "$HTTP_P" "$GRPC_P" "$PROM_P" | sort -u | wc -l)" -eq 3 ] ||
  die "HTTP_P, GRPC_P and PROM_P are $HTTP_P, $GRPC_P and $PROM_P; expected three different ports"

if [ -z "${MODEL_REPOSITORY:-}" ]; then "$ROOT/scripts/setup/models.sh"; fi
[ -d "$repository" ] || die "there is no folder $repository (MODEL_REPOSITORY)" \
  "give the model repository's folder, the one that holds a folder for each model"
repository=$(cd "$repository" && pwd)
triton=$("$ROOT/scripts/setup/triton.sh")

# Triton runs in a folder of its own: the stub's Python takes modules from where it starts.
run=$CONCH_CACHE/triton/run-$HTTP_P
log=$run/log.txt
rm -rf "$run"
mkdir -p "$run/backends"
ln -s "$triton/pytriton/tritonserver/backends/python" "$run/backends/python"
cp -R "$ROOT/deploy/triton/onnxruntime" "$run/backends/"

# Triton and its stubs meet in shared memory, named after this script's process, so that what was
# left when both were killed at once can be told from what a living Triton needs: the memory and
# the stubs that still hold it, which do not end by themselves.
for memory in /dev/shm/conch-triton-*; do
  owner=${memory#/dev/shm/conch-triton-}
  if [ -O "$memory" ] && [ ! -d "/proc/${owner%%-*}" ]; then
    while IFS=/ read -r _ _ stub _; do
      kill -KILL "$stub" 2>/dev/null || true
    done < <(grep --files-with-matches --no-messages --fixed-strings "$memory" /proc/[0-9]*/maps)
    rm -f "$memory"
  fi
done
# Nobody knows this key, so these APIs are closed. A web page in this machine's browser can send
# requests to loopback, and the known holes of this version are in them.
key=$(cat /proc/sys/kernel/random/uuid)
closed=shared-memory,trace,logging:conch-closed=$key

# A group of its own, so that Ctrl-C reaches this script alone and the stubs can be ended with it;
# it gets SIGTERM when this script dies, however that happens. No GPU: the backend has no use for one.
cd "$run"
env -u PYTHONHOME PATH="$triton/python/bin:$PATH" LD_LIBRARY_PATH="$triton/lib" CUDA_VISIBLE_DEVICES='' \
  setsid setpriv --pdeathsig TERM -- "$triton/pytriton/tritonserver/bin/tritonserver" \
  --model-repository="$repository" --model-control-mode=none --backend-directory="$run/backends" \
  --exit-on-error=false --strict-readiness=false --exit-timeout-secs=5 --allow-gpu-metrics=false \
  --http-address=127.0.0.1 --http-port="$HTTP_P" --http-restricted-api="$closed" \
  --grpc-address=127.0.0.1 --grpc-port="$GRPC_P" --grpc-restricted-protocol="$closed" \
  --metrics-address=127.0.0.1 --metrics-port="$PROM_P" \
  --backend-config=python,shm-region-prefix-name="conch-triton-$$-" "$@" >"$log" 2>&1 &
pid=$!

# shellcheck disable=SC2317 # the trap calls it
end() {
  trap '' INT TERM HUP
  kill -TERM "$pid" 2>/dev/null || true
  for _ in {1..100}; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -f /dev/shm/conch-triton-$$-*
}
trap end EXIT
trap 'exit 0' INT TERM HUP

# complaints: what Triton's log says of models that it could not load, a line each.
complaints() {
  grep -hE '^(E[0-9]{4} .*(failed to load model|failed to load .* version|[Pp]oll|model_repository_manager)|error: )' "$log" |
    sed -E 's/^[^"]*"(.*)"$/\1/; s/\\n.*//' | grep -v 'failed to load all models' | sort -u || true
}

patience=$((SECONDS + 180)) # each instance of each model starts a Python: slow on a busy machine
while [ "$SECONDS" -lt "$patience" ]; do
  if curl --silent --fail --max-time 5 "http://127.0.0.1:$HTTP_P/v2/health/ready" >/dev/null; then break; fi
  kill -0 "$pid" 2>/dev/null || die "Triton ended before it was ready" "$(grep -v '^[+|]' "$log" | tail -n 3)" "its whole log: $log"
  sleep 0.1
done
index=$(curl --silent --fail --max-time 5 --request POST "http://127.0.0.1:$HTTP_P/v2/repository/index") ||
  die "Triton did not become ready within three minutes" "its log: $log"

ready=$(grep -oE '\{[^{}]*"state":"READY"[^{}]*\}' <<<"$index" | sed -E 's/.*"name":"([^"]*)".*/\1/' | sort -u | paste -sd ' ' || true)
mapfile -t failed < <(complaints)
[ -n "$ready" ] || die "Triton could load no model of $repository" "${failed[@]}" "its whole log: $log"
for line in "${failed[@]}"; do note "$line"; done
note "this Triton is an old one with known holes: it listens on loopback only, keep it there"
note "its log: $log"
step "Triton serves $ready on http://127.0.0.1:$HTTP_P (gRPC $GRPC_P, metrics $PROM_P); Ctrl-C ends it"

wait "$pid" || true
die "Triton ended by itself" "$(tail -n 3 "$log")" "its whole log: $log"
