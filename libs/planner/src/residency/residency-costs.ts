/** What makes holding and loading comparable. */
export interface ResidencyPrice {
  /** How many mebibytes it is worth to hold for a second so as to save one millisecond of loading. */
  mebibyteSecondsPerLoadMillisecond: number;
}

/** A millisecond of loading is worth a mebibyte for a minute. */
export const DEFAULT_PRICE: ResidencyPrice = { mebibyteSecondsPerLoadMillisecond: 60 };

/** What one copy of a plugin takes: kernel memory while it is loaded, and time when it is loaded. */
export interface Footprint {
  memoryBytes: number;
  loadMilliseconds: number;
}

/** In mebibyte-seconds, the one unit of all residency costs. */
export interface ResidencyCosts {
  reload: number;
  /** Of one second loaded without a user. */
  holdPerSecond: number;
  /** Holding this long costs as much as loading again. */
  breakEvenSeconds: number;
}

const MEBIBYTE = 2 ** 20;
/** Memory is charged by the page: nothing is held for free. */
const PAGE_BYTES = 4096;

export function costsOf(
  { memoryBytes, loadMilliseconds }: Footprint,
  price: ResidencyPrice = DEFAULT_PRICE,
): ResidencyCosts {
  const reload = loadMilliseconds * price.mebibyteSecondsPerLoadMillisecond;
  const holdPerSecond = Math.max(memoryBytes, PAGE_BYTES) / MEBIBYTE;
  return { reload, holdPerSecond, breakEvenSeconds: reload / holdPerSecond };
}
