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

/*
 * A search through the trees. Trees and candidates are gone through by bpf_loop(), whose body the verifier sees once, however
 * many there are: written as loops, four trees of large leaves are more than it walks.
 */
struct search {
	const struct work *work;
	__u32 best;	/* the lowest index of a rule that matches so far */
	__u32 first;	/* candidate of the leaf at hand */
};

/* Stops at the first candidate that matches; they are in the order of rules. */
static long try_candidate(__u32 i, void *context)
{
	struct search *search = context;
	const struct firewall_rule *rule;
	__u32 index = search->first + i;
	const __u32 *candidate = bpf_map_lookup_elem(&candidates, &index);

	if (!candidate || *candidate >= search->best)
		return 1;
	index = *candidate;
	rule = bpf_map_lookup_elem(&rules, &index);
	if (!rule || !matches(&search->work->packet, &search->work->fields, rule))
		return 0;
	search->best = index;
	return 1;
}

static long search_tree(__u32 i, void *context)
{
	struct search *search = context;
	const volatile struct firewall_tree *tree;
	const struct firewall_node *leaf;

	if (i >= FIREWALL_MAX_TREES)
		return 1;
	tree = search->work->packet.ends.family == 4 ? &firewall_config.ipv4[i] : &firewall_config.ipv6[i];
	/* The trees that remain have later rules only. */
	if (tree->first_rule >= search->best)
		return 1;
	leaf = descend(&search->work->fields, tree->root);
	if (!leaf || leaf->field != FIREWALL_LEAF)
		return 1;
	search->first = leaf->child;
	bpf_loop(leaf->threshold, try_candidate, search, 0);
	return 0;
}

/* The first rule that matches, or NULL. */
static __always_inline const struct firewall_rule *find_rule(struct work *work)
{
	struct search search = { .work = work, .best = NO_RULE };

	if (!firewall_config.trees)
		return NULL;
	read_fields(&work->packet.ends, &work->fields);
	bpf_loop(firewall_config.trees, search_tree, &search, 0);
	return search.best == NO_RULE ? NULL : bpf_map_lookup_elem(&rules, &search.best);
}

#endif /* FIREWALL_RULES_H */
