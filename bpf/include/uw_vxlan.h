/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* VXLAN (RFC 7348). */
#ifndef UW_VXLAN_H
#define UW_VXLAN_H

#include <linux/types.h>
#include <bpf/bpf_endian.h>

#include "uw_cursor.h"

#define UW_VXLAN_PORT 4789
#define UW_VXLAN_HAS_VNI 0x08000000

struct uw_vxlan {
	__be32 flags;
	__be32 vni;	/* the upper 24 bits */
};

/* Returns the network identifier, or -1 for a header without one. */
static __always_inline int uw_parse_vxlan(struct uw_cursor *cursor, struct uw_vxlan **header)
{
	struct uw_vxlan *vxlan = cursor->at;

	if ((void *)(vxlan + 1) > cursor->end || cursor->left < sizeof(*vxlan))
		return -1;
	if (!(vxlan->flags & bpf_htonl(UW_VXLAN_HAS_VNI)))
		return -1;
	*header = vxlan;
	cursor->at = vxlan + 1;
	cursor->left -= sizeof(*vxlan);
	return bpf_ntohl(vxlan->vni) >> 8;
}

#endif /* UW_VXLAN_H */
