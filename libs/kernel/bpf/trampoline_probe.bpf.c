// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Loaded once and never attached, to ask whether this kernel lets programs have trampolines (fentry, freplace, LSM): some
 * kernels know the program types and refuse every one of them. The target is the kernel's own function for such tests.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("fentry/bpf_fentry_test1")
int uw_trampoline_probe(void)
{
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
