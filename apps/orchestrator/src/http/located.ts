/** A response with a `Location` header; the interceptor of the same folder sets it. */
export class Located<T> {
  constructor(
    readonly body: T,
    readonly location: string,
  ) {}
}
