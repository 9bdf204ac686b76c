import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const PROFILE = new URL('../libs/descriptor/profiles/underware.yaml', import.meta.url);

interface PropertyDefinition {
  type: string;
  description: string;
  required?: boolean;
  default?: unknown;
  validation?: Validation;
  entry_schema?: PropertyDefinition;
}
type Validation = Record<string, unknown>;
interface TypeDefinition {
  derived_from?: string;
  description: string;
  properties?: Record<string, PropertyDefinition>;
  requirements?: Record<
    string,
    { capability: string; description: string; count_range: [number, number | string] }
  >[];
  targets?: string[];
  validation?: Validation;
  units?: Record<string, number>;
}
type Types = Record<string, TypeDefinition>;

/** The reference part of docs/descriptor.md, as the profile says it: one heading for each type, one row for each property. */
export function descriptorReference(): string {
  const profile = parse(readFileSync(PROFILE, 'utf8')) as Record<string, Types>;
  const { node_types, relationship_types, group_types, policy_types, data_types } = profile;
  return [
    ...types(node_types).map(([name, type]) =>
      section(name, origin(type), propertyTable(type.properties), requirementTable(type.requirements)),
    ),
    ...types(relationship_types)
      .filter(([, { properties }]) => properties !== undefined)
      .map(([name, type]) => section(name, type.description, propertyTable(type.properties))),
    ...types(group_types).map(([name, { description }]) => section(name, description)),
    ...types(policy_types).map(([name, type]) =>
      section(
        name,
        type.description,
        `Targets: ${(type.targets ?? []).map((target) => `\`${target}\``).join(', ')}.`,
        propertyTable(type.properties),
      ),
    ),
    ...types(data_types).map(([name, type]) =>
      section(name, type.description, units(type), limits(type.validation), propertyTable(type.properties)),
    ),
  ].join('\n\n');
}

function types(definitions: Types | undefined): [string, TypeDefinition][] {
  return Object.entries(definitions ?? {});
}

function origin({ description, derived_from }: TypeDefinition): string {
  return derived_from === undefined ? description : `${description} Derived from \`${derived_from}\`.`;
}

function units({ units: factors }: TypeDefinition): string {
  return factors === undefined ? '' : `Units: ${Object.keys(factors).join(', ')}.`;
}

function limits(validation: Validation | undefined): string {
  return validation === undefined ? '' : `Value: ${describe(validation)}.`;
}

function section(name: string, ...parts: string[]): string {
  return [`#### \`${name}\``, ...parts.filter((part) => part !== '')].join('\n\n');
}

function propertyTable(properties: Record<string, PropertyDefinition> = {}): string {
  const rows = Object.entries(properties).map(([name, schema]) =>
    [`\`${name}\``, typeText(schema), defaultText(schema), meaning(schema)].join(' | '),
  );
  return table('property | type | default | meaning', rows);
}

function requirementTable(requirements: TypeDefinition['requirements'] = []): string {
  const rows = requirements.flatMap((each) =>
    Object.entries(each).map(([name, { capability, count_range, description }]) =>
      [`\`${name}\``, `\`${capability}\``, amount(...count_range), description].join(' | '),
    ),
  );
  return table('requirement | capability of its target | how many | meaning', rows);
}

function table(head: string, rows: string[]): string {
  if (rows.length === 0) return '';
  const line = head.split(' | ').map(() => '---');
  return [`| ${head} |`, `|${line.join('|')}|`, ...rows.map((row) => `| ${row} |`)].join('\n');
}

function typeText({ type, entry_schema }: PropertyDefinition): string {
  const name = type.replace('underware.datatypes.', '');
  return entry_schema === undefined ? name : `${name} of ${typeText(entry_schema)}`;
}

function defaultText({ default: value, required }: PropertyDefinition): string {
  if (value !== undefined) return `\`${JSON.stringify(value)}\``;
  return required === false ? 'none' : '**required**';
}

/** Limits of the property and of its entries, so that a table says all that a check says. */
function meaning({ description, validation, entry_schema }: PropertyDefinition): string {
  const own = validation === undefined ? [] : [describe(validation)];
  const each = entry_schema?.validation;
  const entries = each === undefined ? [] : [`each ${describe(each)}`];
  return [description, ...own, ...entries].join('; ').replaceAll('|', '\\|');
}

/** A validation clause in words; throws for one that the profile does not use. */
function describe(validation: Validation): string {
  const [[name, argument] = ['', undefined]] = Object.entries(validation);
  if (name === '$and') {
    const [least, most] = (argument as Validation[]).map(describe);
    return `${least?.replace('at least', 'from') ?? ''} to ${most?.replace(/.*at most /, '') ?? ''}`;
  }
  const [subject, bound] = argument as [unknown, unknown];
  const what = subject === '$value' ? '' : 'length ';
  switch (name) {
    case '$valid_values':
      return `one of ${list(bound).join(', ')}`;
    case '$less_or_equal':
      return `${what}at most ${String(bound)}`;
    case '$greater_or_equal':
      return `${what}at least ${String(bound)}`;
    case '$matches':
      return `matches \`${String(bound)}\``;
    default:
      throw new Error(`no words for ${name}`);
  }
}

function list(value: unknown): string[] {
  return (value as unknown[]).map(String);
}

function amount(min: number, max: number | string): string {
  if (min === max) return String(min);
  return typeof max === 'string' ? `${min} or more` : `${min} to ${max}`;
}
