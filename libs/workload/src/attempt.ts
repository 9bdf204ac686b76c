/** What is attempted on what: the words of an error, should it come to one. */
export interface Attempt {
  attempted: string;
  on: string;
}

/** Whether it is a system error of that code; by shape, since an error may come from another realm. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
