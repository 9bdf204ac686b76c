import type { DesiredSlice } from '@underware/core';
import type { Host } from '../host.js';

/** What a question may look at. */
export interface AskedOf {
  host: Host;
  /** What the host is to be, newest first, and what it is kept at until it is that. */
  slices(): Promise<DesiredSlice[]>;
}
