import type { Place } from '@underware/tosca';
import type { Findings } from '../finding.js';
import type { ServiceParts } from '../service/service-parts.js';
import { NAME } from './formats.js';

const RESERVED = new Set(['any', 'constructor', 'prototype', 'SELF', 'HOST', 'SOURCE', 'TARGET']);

/** Names of a service become names of devices, files and counters: they are narrower than TOSCA's. */
export function checkNames({ nodes, policies }: ServiceParts, findings: Findings): void {
  for (const { name, place } of [...nodes.values(), ...policies]) checkName(name, place, findings);
}

function checkName(name: string, place: Place, findings: Findings): void {
  if (NAME.accepts(name) && !RESERVED.has(name)) return;
  findings.add(place, {
    code: 'NAME_INVALID',
    message: RESERVED.has(name) ? `The name ${name} is taken` : `${name.slice(0, 80)} is no valid name`,
    expected: NAME.expected,
  });
}
