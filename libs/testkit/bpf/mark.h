/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the marking plugin shares with user space. */
#ifndef MARK_H
#define MARK_H

#include <linux/types.h>

#define MARK_TRAIL 63

/* `const volatile` settings. */
struct mark_config {
	__u8 mark;	/* what this instance leaves in the packet */
	__u8 stop;	/* 1: drops after marking */
	__u8 count_only; /* 1: leaves no mark; for measuring a bare hop */
};

/* At the start of the payload of an IPv4 UDP packet: which instances saw it, in order. */
struct mark_trail {
	__u8 length;
	__u8 marks[MARK_TRAIL];
};

#endif /* MARK_H */
