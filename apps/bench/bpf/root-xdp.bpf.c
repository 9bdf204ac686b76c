// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The engine with its XDP root alone: bpftool loads all programs of an object, under one type. Maps and program are those
 * of bpf/engine.
 */
#include "uw_chain.h"

/* Without `used`, what nobody calls is left out. */
#undef SEC
#define SEC(name) __attribute__((section(name)))
#define uw_root_tcx(context) __attribute__((unused)) static root_unused(context)

#include "../../../bpf/engine/root.bpf.c"
