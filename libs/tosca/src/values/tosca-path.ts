import { nearestName } from '@underware/core';
import type { Place } from '../source/sources.js';
import type { Call } from './call.js';
import type { Connection, Entity, FunctionScope, Lookup } from './scope.js';
import { clip, oneOf } from './shown.js';
import type { Step } from './step.js';

/** Where a path has led: to something, or to what is not known before the run. */
export interface Stop {
  entity: Entity | undefined;
  /** Of a relationship: what it connects. */
  connection?: Connection;
  /** An index was ALL: the result is a list. */
  many: boolean;
  rest: readonly Step[];
}

/** Follows a path through the graph of nodes, relationships and capabilities; undefined where it is wrong, as reported. */
export class PathReader {
  private at = 0;
  private many = false;

  constructor(
    private readonly call: Call,
    private readonly scope: FunctionScope,
    private readonly steps: readonly Step[],
    /** Whether a thing has what is looked for; HOST is the nearest host that does. */
    private readonly has: (entity: Entity, name: string) => boolean,
  ) {}

  read(): Stop | undefined {
    const first = this.steps[0];
    if (first === undefined) return undefined;
    this.at = 1;
    const start = first.dynamic ? 'unknown' : this.start(first);
    if (start === undefined) return undefined;
    if (start === 'unknown') return this.stop(undefined);
    return this.call.edition === '2.0' ? this.walk(start) : this.stop(start);
  }

  private start(step: Step): Entity | 'unknown' | undefined {
    const { self, nodes, relationships, groups } = this.scope;
    switch (step.text) {
      case 'SELF':
        return self ?? this.nowhere(step.place, step.text);
      case 'SOURCE':
      case 'TARGET':
        return this.end(step, self);
      case 'HOST':
        return this.host(step, self?.kind === 'capability' ? self.node : self);
      case 'ORCHESTRATOR':
      case 'OPERATION_HOST':
        return 'unknown';
    }
    const found = nodes?.get(step.text) ?? relationships?.get(step.text) ?? groups?.get(step.text);
    if (found !== undefined) {
      // Which of the representations of a node.
      if (this.call.edition === '2.0' && found.kind === 'node') this.index();
      return found;
    }
    if (nodes === undefined) return 'unknown';
    this.call.add(step.place, {
      code: 'REFERENCE_UNKNOWN',
      message: `There is no node template ${clip(step.text)}`,
      expected: oneOf(nodes.keys()),
      nearest: () => nearestName(step.text, nodes.keys()),
    });
    return undefined;
  }

  private nowhere(place: Place, keyword: string): 'unknown' | undefined {
    // Without nodes this is a type, and what it stands for is not known.
    if (this.scope.nodes === undefined) return 'unknown';
    this.call.add(place, {
      code: 'FUNCTION_INVALID',
      message: `${keyword} stands for nothing here`,
      expected: 'the name of a node template',
    });
    return undefined;
  }

  private end(step: Step, self: Entity | undefined): Entity | 'unknown' | undefined {
    if (self === undefined) return this.nowhere(step.place, step.text);
    if (self.kind === 'relationship')
      return (step.text === 'SOURCE' ? self.source : self.target) ?? 'unknown';
    if (self.kind === 'other' || self.open === true) return 'unknown';
    this.call.add(step.place, {
      code: 'FUNCTION_INVALID',
      message: `${step.text} stands for an end of a relationship, and this is in ${self.title}`,
      expected: 'SELF, HOST or the name of a node template',
    });
    return undefined;
  }

  private host(step: Step, self: Entity | undefined): Entity | 'unknown' | undefined {
    if (self === undefined) return this.nowhere(step.place, step.text);
    const wanted = this.steps[1]?.text ?? '';
    const seen = new Set<Entity>([self]);
    let open = self.open === true || self.kind !== 'node';
    for (const entity of seen) {
      if (entity !== self && (entity.open === true || this.has(entity, wanted))) return entity;
      for (const host of entity.hosts ?? []) seen.add(host);
      open ||= entity.hosts === undefined;
    }
    const [, nearest] = seen;
    if (nearest !== undefined) return nearest;
    // 2.0 has no HOST, and its hosting relationships have no known name.
    if (open || this.scope.version === 'tosca_2_0') return 'unknown';
    this.call.add(step.place, {
      code: 'REFERENCE_UNKNOWN',
      message: `HOST stands for nothing here: ${self.title} is hosted on nothing`,
      expected: 'a requirement with a relationship derived from tosca.relationships.HostedOn',
    });
    return undefined;
  }

  private walk(start: Entity): Stop | undefined {
    let entity: Entity = start;
    let connection: Connection | undefined;
    for (;;) {
      const step = this.steps[this.at];
      const next = step === undefined ? 'end' : this.next(entity, connection, step);
      if (next === 'end')
        return { ...this.stop(entity), ...(connection === undefined ? {} : { connection }) };
      if (next === undefined) return undefined;
      if (next === 'unknown') return this.stop(undefined);
      ({ entity, connection } = next);
    }
  }

  private next(
    entity: Entity,
    connection: Connection | undefined,
    step: Step,
  ): { entity: Entity; connection: Connection | undefined } | 'end' | 'unknown' | undefined {
    const keyword = step.text;
    if (entity.kind === 'relationship') {
      const { source, target, capability } = connection ?? entity;
      if (keyword !== 'SOURCE' && keyword !== 'TARGET' && keyword !== 'CAPABILITY') return 'end';
      this.at += 1;
      return goTo(keyword === 'SOURCE' ? source : keyword === 'TARGET' ? target : capability);
    }
    if (keyword === 'RELATIONSHIP' && entity.kind === 'capability') {
      this.at += 1;
      return this.follow(entity.incoming);
    }
    if (entity.kind !== 'node' || (keyword !== 'RELATIONSHIP' && keyword !== 'CAPABILITY')) return 'end';
    const name = this.steps[this.at + 1];
    this.at += 2;
    if (name === undefined) {
      this.call.add(step.place, {
        code: 'FUNCTION_INVALID',
        message: `The path ends with ${keyword}`,
        expected: keyword === 'RELATIONSHIP' ? 'the name of a requirement' : 'the name of a capability',
      });
      return undefined;
    }
    if (keyword === 'CAPABILITY') {
      const found = this.find(entity, entity.capabilities, name, 'CAPABILITY_UNKNOWN', 'capability');
      return found === 'unknown' || found === undefined ? found : goTo(found);
    }
    const found = this.find(entity, entity.requirements, name, 'REQUIREMENT_UNKNOWN', 'requirement');
    return found === 'unknown' || found === undefined ? found : this.follow(found);
  }

  private find<T>(
    entity: Entity,
    among: Lookup<T> | undefined,
    name: Step,
    code: 'CAPABILITY_UNKNOWN' | 'REQUIREMENT_UNKNOWN',
    what: string,
  ): T | 'unknown' | undefined {
    const found = among?.get(name.text);
    if (found !== undefined) return found;
    if (among === undefined || entity.open === true || name.dynamic) return 'unknown';
    this.call.add(name.place, {
      code,
      message: `There is no ${what} ${clip(name.text)} of ${entity.title}`,
      expected: oneOf(among.keys()),
      nearest: () => nearestName(name.text, among.keys()),
    });
    return undefined;
  }

  private follow(
    connections: readonly Connection[] | undefined,
  ): { entity: Entity; connection: Connection } | 'unknown' {
    const index = this.index();
    const connection = index === undefined ? undefined : connections?.[index];
    return connection === undefined ? 'unknown' : { entity: connection.relationship, connection };
  }

  /** Which of several: an integer, ALL, or the first where nothing says; undefined where only the run will know. */
  private index(): number | undefined {
    const step = this.steps[this.at];
    if (step?.dynamic === true) {
      this.at += 1;
      return undefined;
    }
    if (step?.text === 'ALL') {
      this.at += 1;
      this.many = true;
      return 0;
    }
    if (step?.index === undefined) return 0;
    this.at += 1;
    return step.index;
  }

  private stop(entity: Entity | undefined): Stop {
    return { entity, many: this.many, rest: this.steps.slice(this.at) };
  }
}

function goTo(entity: Entity | undefined): { entity: Entity; connection: undefined } | 'unknown' {
  return entity === undefined ? 'unknown' : { entity, connection: undefined };
}
