import type { Direction, Hook, InstanceConfig } from '@underware/core';
import type { ModelFinding, PropertySchemas } from './schema/property-schema.js';

/** What a model may name. */
export interface ModelContext {
  /** Names of the ports of the descriptor. */
  ports: readonly string[];
}

/** The port and direction that one plugin instance is compiled for. */
export interface Binding {
  port: string;
  direction: Direction;
  hook: Hook;
  /** CIDR or bare addresses by port name: of the ports that the model names, and of all on the links it is bound to. */
  addresses: ReadonlyMap<string, readonly string[]>;
}

export type TelemetryRow = { key: unknown; value: unknown };

/** A row of a telemetry map with the name that the descriptor's author gave to what it counts. */
export type LabelledRow = TelemetryRow & { label?: string };

/** One kind of underservice: the schema of its model and how it becomes a plugin's config. */
export interface UnderserviceKind {
  kind: string;
  description: string;
  /** TOSCA node type of the descriptor's node. */
  nodeType: string;
  properties: PropertySchemas;
  /** The config is the same for every port that an underservice is bound to: it is compiled once for all of them. */
  sameOnAllPorts?: boolean;
  /** What the schema cannot say; called with a model that satisfies the schema. */
  check(model: Record<string, unknown>, context: ModelContext): ModelFinding[];
  /** Config for the plugin that implements the kind, by the names of its rodata variables and maps. */
  compile(model: Record<string, unknown>, binding: Binding): InstanceConfig;
  label(
    model: Record<string, unknown>,
    map: string,
    rows: TelemetryRow[],
    addresses: Binding['addresses'],
  ): LabelledRow[];
}
