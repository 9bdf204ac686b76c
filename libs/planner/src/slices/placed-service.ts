import type { Catalog, ServiceGraph } from '@underware/core';
import type { Prefix } from '@underware/underservices';
import type { PlacedVnf } from '../placement/place.js';

/** A service with every VNF on its host and every port with its addresses: what slices are built from. */
export interface PlacedService {
  service: string;
  graph: ServiceGraph;
  catalog: Catalog;
  placed: readonly PlacedVnf[];
  addresses: ReadonlyMap<string, readonly Prefix[]>;
}
