#!/usr/bin/env bash
# Lists the system packages a purpose needs, and installs those that are missing with apt.
#
#   system-packages.sh demo|test|bench
#
# libbpf must be 1.3 or newer (TCX). Debian 12 has 1.1, so its backports suite is added there, on the mirror that the
# machine's own sources name. Nothing is installed without being listed first.
set -euo pipefail

purpose=${1:?usage: system-packages.sh demo|test|bench}
libbpf_minimum=1.3
backports_list=/etc/apt/sources.list.d/underware-backports.sources

fail() { printf 'underware: %s\n' "$*" >&2; exit 1; }

build=(g++ make python3 pkg-config clang llvm libelf-dev zlib1g-dev libbpf-dev libc6-dev)
run=(iproute2 ethtool util-linux procps)
packages=("${build[@]}" "${run[@]}")
case $purpose in
  demo) ;;
  test) packages+=(podman runc docker.io busybox-static redis-server tcpdump nfdump libcap2-bin systemd bpftool chromium) ;;
  bench) packages+=(bpftool xdp-tools nftables openvswitch-switch) ;;
  *) fail "unknown purpose '$purpose': use demo, test or bench" ;;
esac

. /etc/os-release
if [ "${ID:-}" = ubuntu ]; then
  # Ubuntu ships bpftool with the kernel's tools, and Chromium as a snap only: the browser tests say that they skip.
  for i in "${!packages[@]}"; do
    case ${packages[$i]} in
      bpftool) packages[$i]=linux-tools-common ;;
      chromium) unset 'packages[i]' ;;
    esac
  done
fi

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
version() { dpkg-query -W -f='${Version}' "$1" 2>/dev/null; }
libbpf_is_new_enough() { installed libbpf-dev && dpkg --compare-versions "$(version libbpf-dev | sed 's/^[0-9]*://')" ge "$libbpf_minimum"; }

# Docker's own packages bring these programs under other names, and apt would remove them for ours.
has_program_of() { case $1 in docker.io) command -v dockerd ;; runc) command -v runc ;; *) false ;; esac >/dev/null; }

missing=()
for package in "${packages[@]}"; do
  if [ "$package" = libbpf-dev ]; then libbpf_is_new_enough || missing+=("$package"); continue; fi
  installed "$package" || has_program_of "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

command -v apt-get >/dev/null || fail "these packages are missing and there is no apt-get here to install them: ${missing[*]}"
printf 'System packages that are missing and will be installed with apt:\n'
printf '  %s\n' "${missing[@]}"

sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "installing packages needs root: run as root, or install them yourself: apt-get install ${missing[*]}"
  sudo=(sudo)
fi

# The mirror of the distribution's main suite, from deb822 files or one-line lists.
own_mirror() {
  local suite=$1
  awk -v suite="$suite" 'BEGIN{RS="";FS="\n"} {uri="";ok=0; for(i=1;i<=NF;i++){ if($i ~ /^URIs:/){split($i,u," ");uri=u[2]} if($i ~ /^Suites:/ && $i ~ ("(^| )" suite "( |$)")) ok=1 } if(ok&&uri!=""){print uri; exit} }' \
    /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1 | grep . ||
    awk -v suite="$suite" '$1=="deb"{i=2; if($2 ~ /^\[/){while($i !~ /\]$/)i++; i++} if($(i+1)==suite){print $i; exit}}' \
      /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | head -n 1
}

# Services of freshly installed packages must not start, nor be enabled for the next boot: we start what we need ourselves.
# The file carries our mark, so that one which a killed run left behind is known as ours and removed.
policy=/usr/sbin/policy-rc.d
mark='# made by underware set-up; safe to remove'
remove_policy() { if grep -qsF "$mark" "$policy"; then "${sudo[@]}" rm -f "$policy"; fi; }
trap remove_policy EXIT
if [ ! -e "$policy" ] || grep -qsF "$mark" "$policy"; then
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" | "${sudo[@]}" tee "$policy" >/dev/null
  "${sudo[@]}" chmod 755 "$policy"
fi

# An installation that was killed is finished first, or apt would refuse.
if [ -n "$(dpkg --audit 2>/dev/null)" ]; then "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive dpkg --configure -a; fi
"${sudo[@]}" apt-get update -qq
from=()
candidate=$(apt-cache policy libbpf-dev | awk '/Candidate:/{sub(/^[0-9]*:/,"",$2); print $2}')
if ! libbpf_is_new_enough && ! dpkg --compare-versions "${candidate:-0}" ge "$libbpf_minimum"; then
  [ "${ID:-}" = debian ] || fail "libbpf-dev here is ${candidate:-absent}; Underware needs $libbpf_minimum or newer"
  suite=${VERSION_CODENAME:?}
  if ! apt-cache policy | grep -q "n=$suite-backports"; then
    mirror=$(own_mirror "$suite")
    [ -n "$mirror" ] || fail "found no apt source for $suite to take the mirror from: add the suite $suite-backports by hand and run again"
    printf 'libbpf here is %s; adding the suite %s-backports from your own mirror for libbpf >= %s (%s)\n' "${candidate:-absent}" "$suite" "$libbpf_minimum" "$backports_list"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    printf 'Types: deb\nURIs: %s\nSuites: %s-backports\nComponents: main\nSigned-By: %s\n' "$mirror" "$suite" "$keyring" |
      "${sudo[@]}" tee "$backports_list" >/dev/null
    "${sudo[@]}" apt-get update -qq
  fi
  from=(-t "$suite-backports")
fi

services=()
for package in "${missing[@]}"; do
  case $package in
    redis-server) services+=(redis-server) ;;
    docker.io) services+=(docker.socket docker.service); installed containerd || services+=(containerd) ;;
  esac
done
install() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }
others=()
for package in "${missing[@]}"; do [ "$package" = libbpf-dev ] || others+=("$package"); done
if ! libbpf_is_new_enough; then install "${from[@]}" libbpf-dev; fi
if [ ${#others[@]} -gt 0 ]; then install "${others[@]}"; fi
if command -v systemctl >/dev/null; then
  for service in "${services[@]}"; do "${sudo[@]}" systemctl disable "$service" >/dev/null 2>&1 || true; done
fi
