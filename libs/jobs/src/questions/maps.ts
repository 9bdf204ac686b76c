import type { BtfValue, MapRole, MapScope } from '@underware/core';
import { z } from 'zod';
import { btfValueSchema } from '../host-state-schema.js';

/** What maps a plugin instance has. */
export interface MapsQuestion {
  /** Key of a plugin instance that the host is to have. */
  instance: string;
}

export interface MapsAnswer {
  maps: LiveMap[];
}

/** A map of a plugin's manifest as the kernel has it. */
export interface LiveMap {
  name: string;
  role: MapRole;
  scope: MapScope;
  description: string;
  type: string;
  maxEntries: number;
  perCpu: boolean;
  memoryBytes: number;
}

export interface MapRow {
  key: unknown;
  value: unknown;
}

/** Entries of a map: one, or a page of them in the order of the map. */
export interface MapRowsQuestion {
  instance: string;
  map: string;
  key?: BtfValue;
  offset: number;
  limit: number;
}

export interface MapRowsAnswer {
  rows: MapRow[];
  more: boolean;
}

/** One entry is written, or without a value deleted. */
export interface MapEditQuestion {
  instance: string;
  map: string;
  key: BtfValue;
  value?: BtfValue;
}

export interface MapEditAnswer {
  /** What the entry was; undefined: there was none. */
  before?: MapRow;
}

export const LARGEST_PAGE = 1_000;

const text = z.string().max(4_096);
const instance = z.string().min(1).max(64);
const map = z.string().min(1).max(64);
const row = z.object({ key: z.unknown(), value: z.unknown() });
export const page = { offset: z.int().nonnegative(), limit: z.int().min(1).max(LARGEST_PAGE) };

export const mapsQuestionSchema: z.ZodType<MapsQuestion> = z.object({ instance });
export const mapsAnswerSchema: z.ZodType<MapsAnswer> = z.object({
  maps: z.array(
    z.object({
      name: text,
      role: z.enum(['config', 'state', 'telemetry']),
      scope: z.enum(['instance', 'service', 'host']),
      description: text,
      type: text,
      maxEntries: z.int().nonnegative(),
      perCpu: z.boolean(),
      memoryBytes: z.number().nonnegative(),
    }),
  ),
});

export const mapRowsQuestionSchema: z.ZodType<MapRowsQuestion> = z.object({
  instance,
  map,
  key: btfValueSchema.exactOptional(),
  ...page,
});
export const mapRowsAnswerSchema: z.ZodType<MapRowsAnswer> = z.object({
  rows: z.array(row).max(LARGEST_PAGE),
  more: z.boolean(),
});

export const mapEditQuestionSchema: z.ZodType<MapEditQuestion> = z.object({
  instance,
  map,
  key: btfValueSchema,
  value: btfValueSchema.exactOptional(),
});
export const mapEditAnswerSchema: z.ZodType<MapEditAnswer> = z.object({ before: row.exactOptional() });
