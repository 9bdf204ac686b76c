/** What a package may cost before it is refused; sizes in bytes. */
export interface CsarLimits {
  /** Files and folders. */
  entries: number;
  /** Of one file, unpacked. */
  fileSize: number;
  /** Of all files, unpacked. */
  totalSize: number;
  /** Unpacked to packed size of files above a megabyte: text reaches some 20, zeros a thousand. */
  ratio: number;
  /** Folders in a path. */
  depth: number;
}

/** Images of virtual machines are named by address in a package that is onboarded whole; with them it is refused. */
export const CSAR_LIMITS: CsarLimits = {
  entries: 5000,
  fileSize: 256 * 1024 * 1024,
  totalSize: 512 * 1024 * 1024,
  ratio: 250,
  depth: 32,
};

/** Files up to this size may be packed at any ratio. */
export const RATIO_FREE = 1024 * 1024;

/** Characters of a path. */
export const LONGEST_PATH = 1024;
