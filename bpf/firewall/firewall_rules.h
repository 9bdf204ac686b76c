/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The first rule that matches a packet. Rules are not tried one by one: of each tree, whose steps compare one field with
 * one number, a descent leaves a handful of candidates.
 */
#ifndef FIREWALL_RULES_H
#define FIREWALL_RULES_H

#include "firewall_packet.h"

#define PORT_ANY_LAST 65535
#define NO_RULE (~0U)

static __always_inline void read_fields(const struct ends *ends, struct fields *fields)
{
	for (int i = 0; i < 4; i++) {
		fields->values[FIREWALL_SOURCE + i] = bpf_ntohl(ends->source.words[i]);
		fields->values[FIREWALL_DESTINATION + i] = bpf_ntohl(ends->destination.words[i]);
	}
	fields->values[FIREWALL_PROTOCOL] = ends->protocol;
	/* An echo's identifier is no port. */
	fields->values[FIREWALL_SOURCE_PORT] = ends->echo ? 0 : ends->source_port;
	fields->values[FIREWALL_DESTINATION_PORT] = ends->echo ? 0 : ends->destination_port;
}

static __always_inline bool in_prefix(const __u32 *address, const struct firewall_prefix *prefix)
{
	__u32 difference = 0;

	for (int i = 0; i < 4; i++)
		difference |= (address[i] ^ prefix->address[i]) & prefix->mask[i];
	return difference == 0;
}

static __always_inline bool names_ports(const struct firewall_rule *rule)
{
	return rule->source_port_first != 0 || rule->source_port_last != PORT_ANY_LAST ||
	       rule->destination_port_first != 0 || rule->destination_port_last != PORT_ANY_LAST;
}

static __always_inline bool matches(const struct packet *packet, const struct fields *fields,
				    const struct firewall_rule *rule)
{
	__u16 source_port = packet->ends.source_port;
	__u16 destination_port = packet->ends.destination_port;

	if (rule->family && rule->family != packet->ends.family)
		return false;
	if (rule->protocol && rule->protocol != packet->ends.protocol)
		return false;
	if (!in_prefix(fields->values + FIREWALL_SOURCE, &rule->source) ||
	    !in_prefix(fields->values + FIREWALL_DESTINATION, &rule->destination))
		return false;
	/* Without ports there is nothing to compare: such a packet matches only rules that do not ask for any. */
	if (!packet->has_ports)
		return !names_ports(rule);
	return source_port >= rule->source_port_first && source_port <= rule->source_port_last &&
	       destination_port >= rule->destination_port_first && destination_port <= rule->destination_port_last;
}

/* The leaf of the tree that the packet falls into. */
static __always_inline const struct firewall_node *descend(const struct fields *fields, __u32 at)
{
	const struct firewall_node *node = bpf_map_lookup_elem(&nodes, &at);

	/* At most FIREWALL_MAX_DEPTH rounds; the depth is frozen before the verifier sees it. */
	for (__u32 i = 0; i < FIREWALL_MAX_DEPTH && i < firewall_config.depth; i++) {
		__u32 field;

		if (!node)
			return NULL;
		field = node->field & FIREWALL_LEAF;
		if (field == FIREWALL_LEAF)
			return node;
		at = node->child + (fields->values[field] > node->threshold);
		node = bpf_map_lookup_elem(&nodes, &at);
	}
	return node;
}

/* The first of a leaf's candidates, which are in the order of rules, that matches and comes before `best`. */
static __always_inline __u32 search_leaf(const struct packet *packet, const struct fields *fields,
					 const struct firewall_node *leaf, __u32 best)
{
	__u32 first = leaf->child;
	__u32 count = leaf->threshold;

	/* At most FIREWALL_MAX_LEAF rounds; the size of the largest leaf is frozen before the verifier sees it. */
	for (__u32 i = 0; i < FIREWALL_MAX_LEAF && i < firewall_config.leaf; i++) {
		const struct firewall_rule *rule;
		const __u32 *candidate;
		__u32 index = first + i;

		if (i >= count)
			break;
		candidate = bpf_map_lookup_elem(&candidates, &index);
		if (!candidate)
			break;
		index = *candidate;
		if (index >= best)
			break;
		rule = bpf_map_lookup_elem(&rules, &index);
		if (rule && matches(packet, fields, rule))
			return index;
	}
	return best;
}

/* The first rule that matches, or NULL. */
static __always_inline const struct firewall_rule *find_rule(const struct packet *packet,
							       struct fields *fields)
{
	__u32 best = NO_RULE;

	read_fields(&packet->ends, fields);

	/* At most FIREWALL_MAX_TREES rounds. */
	for (__u32 i = 0; i < FIREWALL_MAX_TREES && i < firewall_config.trees; i++) {
		const volatile struct firewall_tree *tree =
			packet->ends.family == 4 ? &firewall_config.ipv4[i] : &firewall_config.ipv6[i];
		const struct firewall_node *leaf;

		/* The trees that remain have later rules only. */
		if (tree->first_rule >= best)
			break;
		leaf = descend(fields, tree->root);
		if (leaf)
			best = search_leaf(packet, fields, leaf, best);
	}
	return best == NO_RULE ? NULL : bpf_map_lookup_elem(&rules, &best);
}

#endif /* FIREWALL_RULES_H */
