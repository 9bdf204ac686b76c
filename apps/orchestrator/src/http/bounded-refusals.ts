/** Who knows no token can call as often as it likes: of such calls one is kept in so much time, with how many were not. */
export class BoundedRefusals {
  private next = 0;
  private left = 0;

  constructor(private readonly everyMs = 10_000) {}

  /** How many calls before this one were not kept, where this one is to be kept. */
  take(now: number): number | undefined {
    if (now < this.next) {
      this.left += 1;
      return undefined;
    }
    const left = this.left;
    this.left = 0;
    this.next = now + this.everyMs;
    return left;
  }
}
