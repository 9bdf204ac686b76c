// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * For tests of upgrades: the firewall with a mistake. What it judges to pass on TCX it drops; it takes the same config and
 * keeps the same state.
 */
#include "uw_engine.h"

#undef UW_TC_PASS
#define UW_TC_PASS TC_ACT_SHOT

#include "../../../bpf/firewall/firewall.bpf.c"
