import type { Findings } from '../finding.js';
import type { Profile } from '../profile/profile.js';
import type { SourceNode, WalkBudget } from '../source/source-node.js';

/** What every check of one descriptor shares. */
export interface Compilation {
  profile: Profile;
  findings: Findings;
  budget: WalkBudget;
}

/** A node template that its type knows, with properties read. */
export interface CheckedNode {
  name: string;
  type: string;
  keyOffset: number;
  /** Defaults filled in, units in bytes and seconds. */
  properties: Record<string, unknown>;
  /** As written, for the places of findings. */
  propertiesNode: SourceNode;
  requirements: CheckedRequirement[];
}

export interface CheckedRequirement {
  name: string;
  target: string;
  offset: number;
  /** Properties of the relationship. */
  properties: Record<string, unknown>;
}

export interface CheckedPolicy {
  name: string;
  type: string;
  keyOffset: number;
  properties: Record<string, unknown>;
  propertiesNode: SourceNode;
  targets: { name: string; offset: number }[];
}
