#!/usr/bin/env bash
# The last part of `underware clean`: what the set-up built in the checkout. Running parts were taken down before.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf .underware .nx bpf/build {libs,apps}/*/{build,dist,node_modules} migrations/{dist,node_modules} node_modules
backports_list=/etc/apt/sources.list.d/underware-backports.sources
if [ -e "$backports_list" ] && [ "$(id -u)" -eq 0 ]; then rm -f "$backports_list"; fi
policy=/usr/sbin/policy-rc.d
if grep -qsF '# made by underware set-up' "$policy" && [ "$(id -u)" -eq 0 ]; then rm -f "$policy"; fi
echo 'Everything Underware made is gone; system packages are kept.'
