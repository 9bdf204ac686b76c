import { FINDING_CODES as TOSCA_FINDING_CODES } from '@underware/tosca';
import type { Finding as ToscaFinding, Findings as ToscaFindings } from '@underware/tosca';

/** What can be wrong with a service, beside what TOSCA itself forbids. */
const SERVICE_FINDING_CODES = [
  'NODE_NOT_DEPLOYABLE',
  'VALUE_NOT_KNOWN',
  'IMAGE_MISSING',
  'HEALTH_CHECK_INVALID',
  'ADDRESS_DUPLICATE',
  'ADDRESS_OUTSIDE',
  'ADDRESS_RESERVED',
  'ADDRESS_UNUSABLE',
  'SUBNET_OVERLAP',
  'SUBNET_HOST_BITS',
  'UNDERSERVICE_KIND_UNKNOWN',
  'BINDING_DUPLICATE',
  'DEPENDENCY_CYCLE',
  'PACKET_INVALID',
  'RULE_INVALID',
  'RULE_UNREACHABLE',
  'POLICY_INVALID',
] as const;

/** Every code a finding may carry; tests and callers match codes, never texts. */
export const FINDING_CODES = [...TOSCA_FINDING_CODES, ...SERVICE_FINDING_CODES] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** Something wrong or odd in a descriptor, and where; lines and columns count from 1. */
export type Finding = ToscaFinding<FindingCode>;
export type Findings = ToscaFindings<FindingCode>;
