#!/usr/bin/env bash
# Sets up what is missing: system packages, npm packages, the native addon, the sandbox program, the
# eBPF objects and the apps.
#
#   setup.sh [demo|test|bench]
#
# Every step is skipped when its result is newer than its sources, so a second run takes a moment. The whole output of
# the steps is in .underware/setup.log; when one fails, its end is printed. Each step ends with a stamp, so that one that
# was interrupted, even killed, is done again.
set -euo pipefail

cd "$(dirname "$0")/.."
purpose=${1:-demo}
mkdir -p .underware
log=.underware/setup.log
: >"$log"
export NX_DAEMON=false NX_TUI=false NX_NO_CLOUD=true

fail() { printf 'underware: %s\n' "$*" >&2; exit 1; }

check_node() {
  command -v node >/dev/null || fail 'Node.js 20.19 or newer is needed: install it and run again'
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node.js 20.19 or newer is needed; here is $(node --version)"
}

# While a step runs, its output and ours go to the log.
exec 3>&1
interrupted() { # exit code
  printf 'interrupted\n\nWhat is done is kept: run again to go on, or ./underware clean to remove it.\n' >&3
  exit "$1"
}
trap 'interrupted 130' INT
trap 'interrupted 143' TERM

step() { # title, command…
  local title=$1 started=$SECONDS; shift
  printf '▸ %s … ' "$title"
  if "$@" >>"$log" 2>&1 </dev/null; then
    printf 'done (%d s)\n' $((SECONDS - started))
  else
    printf 'failed\n\n'
    tail -n 40 "$log" >&2
    fail "setup stopped at: $title. The whole output is in $log. Mend the cause and run again; what is done is kept"
  fi
}

# True when any of the given sources is newer than the stamp.
stale() { # stamp, sources…
  local stamp=$1; shift
  [ -e "$stamp" ] || return 0
  [ -n "$(find "$@" \( -name node_modules -o -name dist -o -name build -o -name generated \) -prune -o -newer "$stamp" -type f -print 2>/dev/null | head -n 1)" ]
}

# What a killed step left half-written may look finished to make: without the stamp of a finished one, start anew.
from_last_finished() { # directory
  if [ -e "$1/.underware-built" ]; then rm "$1/.underware-built"; else rm -rf "$1"; fi
}

npm_packages() { npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.underware-installed; }
native_addon() { from_last_finished libs/libbpf/build && npm run build:native -w libs/libbpf && touch libs/libbpf/build/.underware-built; }
docker_sandbox() { from_last_finished libs/workload/build && sh libs/workload/native/build.sh && touch libs/workload/build/.underware-built; }
ebpf_objects() { node bpf/build.mjs && touch bpf/build/.underware-built; }
apps() { npx nx run-many -t build --outputStyle=static && touch .underware/built; }

[ "$(uname -s)" = Linux ] || fail 'Underware conditions Linux kernels: run it on Linux'
check_node
bash tools/system-packages.sh "$purpose"
if stale node_modules/.underware-installed package-lock.json package.json; then step 'npm packages (npm ci)' npm_packages; fi
if stale libs/libbpf/build/.underware-built libs/libbpf/src/native libs/libbpf/binding.gyp; then step 'native addon (libbpf)' native_addon; fi
if stale libs/workload/build/.underware-built libs/workload/native; then step "sandbox for Docker's engine (cc)" docker_sandbox; fi
if stale bpf/build/.underware-built bpf libs/*/bpf apps/*/bpf; then step 'eBPF objects (clang)' ebpf_objects; fi
if stale .underware/built libs apps migrations tsconfig.base.json package-lock.json; then step 'apps and console' apps; fi
