const HEADER_BYTES = 8;

/** The text in an engine's framed output: each frame has a stream number, three zero bytes, and a length. */
export function textOf(framed: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= framed.length;) {
    const length = framed.readUInt32BE(at + 4);
    parts.push(framed.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length));
    at += HEADER_BYTES + length;
  }
  return Buffer.concat(parts).toString('utf8');
}
