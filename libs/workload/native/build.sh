#!/bin/sh
# Builds ../build/uw-sandbox: static, since it runs in the file system of any image.
set -e
cd "$(dirname "$0")"
mkdir -p ../build
cc -static -s -Os -std=gnu11 -Wall -Wextra -Werror -o ../build/uw-sandbox uw-sandbox.c
