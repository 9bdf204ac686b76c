import { nearestName } from '@underware/core';
import type { Report } from '../finding.js';
import { isAtLeast, TOSCA_VERSIONS } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import type { MapEntry, MapNode, SourceNode } from '../source/source-node.js';
import { CONSTRUCTS } from './constructs.js';
import type { ConstructName } from './construct-name.js';
import { fits, isAbsent, isText, WORDS } from './fits.js';
import type { Construct, Keyname, Shape } from './shape.js';

/**
 * Checks a construct, and all within it, against the keynames of a version. Later stages may then pass by whatever has
 * another shape: it was reported here.
 */
export function checkGrammar(
  node: SourceNode,
  name: ConstructName,
  version: ToscaVersion,
  report: Report,
): void {
  new GrammarChecker(version, report).construct(node, name, CONSTRUCTS[name].title);
}

const WORDS_OF_SECTIONS = 'what it is for, or not the keyname either';

class GrammarChecker {
  /** What was checked as what: aliases make one node stand in many places. */
  private readonly done = new Map<SourceNode, Set<ConstructName>>();
  private readonly mandatoryKeys = new Map<ConstructName, string[]>();
  private readonly one: boolean;

  constructor(
    private readonly version: ToscaVersion,
    private readonly report: Report,
  ) {
    this.one = !isAtLeast(version, 'tosca_2_0');
  }

  construct(node: SourceNode, name: ConstructName, where: string): void {
    const construct = CONSTRUCTS[name];
    if (node.kind !== 'map') {
      if (construct.short === 'any' || isAbsent(node)) return;
      if (construct.short === 'text' && isText(node)) return;
      if (construct.emptyListIn1 === true && this.one && isEmpty(node)) return;
      const expected = `a mapping${construct.short === undefined ? '' : ' or a name'}`;
      return this.wrong(node, `${where} must be ${construct.title}`, expected);
    }
    const done = this.done.get(node) ?? new Set();
    if (done.has(name)) return;
    this.done.set(node, done.add(name));
    if (construct.value === true && isValue(node, construct)) return;
    for (const [key, entry] of node.entries) this.entry(construct, key, entry);
    for (const key of this.mandatoryOf(name, construct)) this.mandatory(node, construct, key);
  }

  private entry(construct: Construct, key: string, { keyPlace, node }: MapEntry): void {
    const keyname = ownKey(construct, key);
    if (keyname === undefined) {
      if (this.one && construct.othersIn1 !== undefined) return this.shape(node, construct.othersIn1, key);
      return this.unknown(construct, key, keyPlace);
    }
    if (keyname.toleratedIn2 === true && !this.one) {
      this.warn(
        keyPlace,
        `${key} in ${construct.title} is of ${keyname.until}, no longer of ${this.version}`,
      );
    } else if (!this.isKnown(keyname)) {
      // What a later 1.x brought is widely used in files of an earlier one; 2.0 and 1.x are two languages.
      if (!this.one || keyname.since === 'tosca_2_0') return this.unknown(construct, key, keyPlace);
      this.warn(keyPlace, `${key} in ${construct.title} is of ${keyname.since}, not yet of ${this.version}`);
    } else if (keyname.tolerated === true) {
      this.warn(keyPlace, `${key} is no keyname of ${construct.title}; it is read as it is meant`);
    }
    if (isAbsent(node)) {
      if (keyname.presentIn2 === true && !this.one) {
        this.wrong(node, `There is nothing at ${key}`, WORDS_OF_SECTIONS);
      }
      return;
    }
    const strict = isAtLeast(this.version, 'tosca_simple_yaml_1_3') ? keyname.strict : undefined;
    this.shape(node, strict ?? keyname.shape, key);
    if (keyname.nonEmptyIn13 === true && this.version === 'tosca_simple_yaml_1_3' && isEmpty(node)) {
      this.wrong(node, `${key} is empty`, 'one entry or more');
    }
  }

  private shape(node: SourceNode, shape: Shape, where: string): void {
    switch (shape.kind) {
      case 'any':
        return;
      case 'anchored':
        return this.anchored(node, where);
      case 'construct':
        return this.construct(node, shape.name, where);
      case 'map':
        return this.map(node, shape.of, where);
      case 'list':
        if (node.kind !== 'list') return this.wrong(node, `${where} must be a list`, '- one entry per line');
        for (const item of node.items) this.shape(item, shape.of, `An entry of ${where}`);
        return;
      case 'pairs':
        return this.pairs(node, shape.of, where);
      case 'either': {
        const fitting = shape.of.find((one) => fits(node, one, this.version)) ?? shape.of[0];
        if (fitting !== undefined) this.shape(node, fitting, where);
        return;
      }
      default:
        if (!fits(node, shape, this.version))
          this.wrong(node, `${where} must be ${WORDS[shape.kind]}`, WORDS[shape.kind]);
    }
  }

  private map(node: SourceNode, of: Shape, where: string): void {
    if (isAbsent(node)) return;
    if (node.kind !== 'map')
      return this.wrong(node, `${where} must be a mapping`, 'name: value, one per line');
    for (const [key, entry] of node.entries) {
      if (key === '' && of.kind === 'construct') this.unnamed(entry.keyPlace, where);
      else this.shape(entry.node, of, key);
    }
  }

  private unnamed(place: number, where: string): void {
    this.report.add(place, {
      code: 'NAME_INVALID',
      message: `An entry of ${where} has an empty name`,
      expected: 'a name',
    });
  }

  /** What has no anchor, nor a place for one within it, can be used by nothing. */
  private anchored(node: SourceNode, where: string): void {
    if (this.one) return;
    if (node.kind !== 'map')
      return this.wrong(node, `${where} must be a mapping`, 'name: &anchor value, one per line');
    for (const [key, entry] of node.entries) {
      if (entry.node.kind !== 'scalar' || entry.node.anchored === true) continue;
      this.wrong(entry.node, `${key} of ${where} has no anchor: nothing can use it`, `${key}: &anchor …`);
    }
  }

  private pairs(node: SourceNode, of: Shape, where: string): void {
    if (node.kind !== 'list') {
      return this.wrong(node, `${where} must be a list`, '- name: value, one entry per line');
    }
    for (const item of node.items) {
      if (item.kind !== 'map' || item.entries.size !== 1) {
        this.wrong(item, `An entry of ${where} must have one name`, '- name: value');
      }
      if (item.kind !== 'map') continue;
      for (const [key, entry] of item.entries) this.shape(entry.node, of, key);
    }
  }

  private isKnown({ since, until }: Keyname): boolean {
    return (
      (since === undefined || isAtLeast(this.version, since)) &&
      (until === undefined || isAtLeast(until, this.version))
    );
  }

  private mandatoryOf(name: ConstructName, construct: Construct): string[] {
    let keys = this.mandatoryKeys.get(name);
    if (keys === undefined) {
      keys = Object.entries(construct.keys)
        .filter(([, keyname]) => this.isMandatory(keyname))
        .map(([key]) => key);
      this.mandatoryKeys.set(name, keys);
    }
    return keys;
  }

  private isMandatory(keyname: Keyname): boolean {
    const { mandatory, mandatoryUntil, mandatorySince } = keyname;
    return (
      mandatory === true &&
      this.isKnown(keyname) &&
      (mandatoryUntil === undefined || isAtLeast(mandatoryUntil, this.version)) &&
      (mandatorySince === undefined || isAtLeast(this.version, mandatorySince))
    );
  }

  private mandatory(node: MapNode, construct: Construct, key: string): void {
    if (!isAbsent(node.entries.get(key)?.node)) return;
    const { unless, missedOnly } = ownKey(construct, key) ?? {};
    if (unless !== undefined && node.entries.has(unless)) return;
    // One that is there with nothing in it was reported as such.
    if (!this.one && node.entries.has(key) && ownKey(construct, key)?.presentIn2 === true) return;
    // So was one that is misspelt: it is there.
    if (key === 'node_templates' && [...node.entries.keys()].some((each) => isMisspelt(each, key, construct)))
      return;
    this.report.add(node.place, {
      code: 'KEYWORD_MISSING',
      ...(missedOnly === true ? { severity: 'warning' } : {}),
      message: `${key} is missing in ${construct.title}`,
      expected: `${key}: …`,
    });
  }

  private unknown(construct: Construct, key: string, place: number): void {
    const known = Object.keys(construct.keys).filter((name) => {
      const keyname = ownKey(construct, name);
      return keyname !== undefined && keyname.tolerated !== true && this.isKnown(keyname);
    });
    const instead = construct.instead?.[key];
    const elsewhere = ownKey(construct, key);
    const until = elsewhere?.until === undefined ? '' : `${TOSCA_VERSIONS[0]} to ${elsewhere.until}`;
    const version = elsewhere === undefined ? '' : `; it is of ${until === '' ? elsewhere.since : until}`;
    this.report.add(place, {
      code: 'KEYWORD_UNKNOWN',
      message: `${key.slice(0, 80)} is no keyname of ${construct.title} in ${this.version}${version}`,
      expected: `one of ${known.join(', ')}`,
      nearest: () =>
        instead !== undefined && known.includes(instead) ? instead : nearestName(key.slice(0, 80), known),
    });
  }

  private warn(place: number, message: string): void {
    this.report.add(place, { code: 'KEYWORD_UNKNOWN', severity: 'warning', message });
  }

  private wrong(node: SourceNode, message: string, expected: string): void {
    this.report.add(node.place, { code: 'KEYWORD_INVALID', message: message.slice(0, 200), expected });
  }
}

/** Keynames of an object of ours; a text may hold `constructor` as a key. */
function ownKey(construct: Construct, key: string): Keyname | undefined {
  return Object.hasOwn(construct.keys, key) ? construct.keys[key] : undefined;
}

/** Whether a mapping that may define something is rather the value itself: none of its keys is a keyname. */
function isValue(node: MapNode, construct: Construct): boolean {
  for (const key of node.entries.keys()) if (ownKey(construct, key) !== undefined) return false;
  return node.entries.size > 0;
}

function isEmpty(node: SourceNode): boolean {
  return (
    (node.kind === 'list' && node.items.length === 0) || (node.kind === 'map' && node.entries.size === 0)
  );
}

function isMisspelt(written: string, key: string, construct: Construct): boolean {
  return ownKey(construct, written) === undefined && nearestName(written, [key]) === key;
}
