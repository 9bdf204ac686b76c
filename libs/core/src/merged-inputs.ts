/** Inputs of a service with others over them, as a merge patch (RFC 7396): what is not named stays, null takes one away. */
export function mergedInputs(
  had: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...had, ...given }).filter(([, value]) => value !== null));
}
