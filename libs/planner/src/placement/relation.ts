/** What the place of one unit means for others. Hosts are numbers of the problem. */
export interface Relation {
  /** Whether a unit cannot be on a host, beside those that are placed. */
  blocks(unit: number, host: number): boolean;
  /** The same in words. */
  reasons(unit: number, host: number): string[];
  take(unit: number, host: number): void;
  release(unit: number, host: number): void;
}
