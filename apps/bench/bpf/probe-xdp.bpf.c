// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The probe plugin with its XDP program alone: bpftool loads all programs of an object, and `uw_next` can serve programs
 * of one type only. Maps, configuration and program are those of bpf/probe.
 */
#include "uw_engine.h"

/* Without `used`, what nobody calls is left out. */
#undef SEC
#define SEC(name) __attribute__((section(name)))
#define probe_tcx(context) __attribute__((unused)) static probe_unused(context)

#include "../../../bpf/probe/probe.bpf.c"
