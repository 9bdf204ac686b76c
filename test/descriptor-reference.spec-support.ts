import { DESCRIPTOR_DATA_TYPES } from '../libs/descriptor/src/profile/data-types.js';
import { UNDERWARE_PROFILE } from '../libs/descriptor/src/profile/profile.js';
import type { RequirementSchema } from '../libs/descriptor/src/profile/profile.js';
import { describeConstraint } from '@underware/underservices';
import type { PropertySchema, PropertySchemas } from '@underware/underservices';

/** The reference part of docs/descriptor.md, as the types say it: one heading for each type, one row for each property. */
export function descriptorReference(): string {
  const { nodeTypes, relationshipTypes, policyTypes } = UNDERWARE_PROFILE;
  const nodes = [...nodeTypes.values()].map(({ name, description, properties, requirements }) =>
    section(name, description, propertyTable(properties), requirementTable(requirements)),
  );
  const relationships = [...relationshipTypes.values()]
    .filter(({ properties }) => Object.keys(properties).length > 0)
    .map(({ name, properties }) => section(name, 'Properties of a requirement.', propertyTable(properties)));
  const policies = [...policyTypes.values()].map(({ name, description, properties, targets }) =>
    section(
      name,
      description,
      `Targets: ${amount(targets.min, targets.max)} of \`${targets.type}\`.`,
      propertyTable(properties),
    ),
  );
  const data = [...DESCRIPTOR_DATA_TYPES].map(([name, type]) =>
    type.kind === 'struct'
      ? section(name, type.description, propertyTable(type.properties))
      : section(name, `${type.description} Written as ${type.expected}.`),
  );
  return [...nodes, ...relationships, ...policies, ...data].join('\n\n');
}

function section(name: string, ...parts: string[]): string {
  return [`#### \`${name}\``, ...parts.filter((part) => part !== '')].join('\n\n');
}

function propertyTable(properties: PropertySchemas): string {
  const rows = Object.entries(properties).map(([name, schema]) =>
    [`\`${name}\``, typeText(schema), defaultText(schema), meaning(schema)].join(' | '),
  );
  return table('property | type | default | meaning', rows);
}

function requirementTable(requirements: Readonly<Record<string, RequirementSchema>>): string {
  const rows = Object.entries(requirements).map(([name, { target, min, max, description }]) =>
    [`\`${name}\``, `\`${target}\``, amount(min, max), description].join(' | '),
  );
  return table('requirement | node | how many | meaning', rows);
}

function table(head: string, rows: string[]): string {
  if (rows.length === 0) return '';
  const line = head.split(' | ').map(() => '---');
  return [`| ${head} |`, `|${line.join('|')}|`, ...rows.map((row) => `| ${row} |`)].join('\n');
}

function typeText({ type, entrySchema }: PropertySchema): string {
  const name = type.replace('underware.datatypes.', '');
  return entrySchema === undefined ? name : `${name} of ${typeText(entrySchema)}`;
}

function defaultText({ default: value, required }: PropertySchema): string {
  if (value !== undefined) return `\`${JSON.stringify(value)}\``;
  return required === false ? 'none' : '**required**';
}

/** Constraints of the property and of its entries, so that a table says all that a check says. */
function meaning({ description, constraints = [], entrySchema }: PropertySchema): string {
  const limits = constraints.map(describeConstraint);
  const entries = (entrySchema?.constraints ?? []).map((each) => `each ${describeConstraint(each)}`);
  return [description, ...limits, ...entries].join('; ').replaceAll('|', '\\|');
}

function amount(min: number, max: number): string {
  if (min === max) return String(min);
  return max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
}
