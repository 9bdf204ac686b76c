import { BtfKind, type Btf } from './btf.js';
import type { ByteView } from './byte-view.js';
import { malformedObject } from './package-error.js';

const RECORD_BYTES = 16;
/** BPF_CORE_TYPE_ID_LOCAL: answered by the object itself. */
const TYPE_ID_LOCAL = 6;
const ENUM_VALUES = new Set([10, 11]);
const LONGEST_ACCESS = 64;

/** The kernel types and fields that CO-RE relocations of `.BTF.ext` name, e.g. `sk_buff.mark`; sorted, each once. */
export function readCoreRelocations(ext: ByteView, btf: Btf): string[] {
  const headerBytes = ext.u32(4);
  // Headers before CO-RE are 24 bytes long and say nothing about it.
  if (headerBytes < 32) return [];
  const data = ext.slice(headerBytes + ext.u32(24), ext.u32(28), 'the CO-RE relocations');
  const needs = new Map<string, string>();
  if (data.length === 0) return [];
  const recordBytes = data.u32(0);
  if (recordBytes < RECORD_BYTES) throw malformedObject(`CO-RE relocations of ${recordBytes} bytes`);
  for (let at = 4; at < data.length;) {
    const count = data.u32(at + 4);
    at += 8;
    for (let i = 0; i < count; i += 1, at += recordBytes) {
      const kind = data.u32(at + 12);
      const type = data.u32(at + 4);
      const access = data.u32(at + 8);
      const key = `${kind} ${type} ${access}`;
      if (kind === TYPE_ID_LOCAL || needs.has(key)) continue;
      needs.set(key, describe(btf, kind, type, btf.string(access)));
    }
  }
  return [...new Set(needs.values())].sort();
}

/** `0:1:2` walks from the root type by member index; the first number is an array index. */
function describe(btf: Btf, kind: number, typeId: number, access: string): string {
  const root = btf.resolve(typeId);
  const name = withoutFlavour(btf.type(typeId).name || root.name);
  const steps = access.split(':').map(Number);
  if (steps.length > LONGEST_ACCESS || steps.some((step) => !Number.isInteger(step) || step < 0))
    throw malformedObject(`a CO-RE relocation has the access string ${JSON.stringify(access)}`);
  if (ENUM_VALUES.has(kind)) return `${name}.${withoutFlavour(root.members[steps[0] ?? 0]?.name ?? '?')}`;
  let path = name;
  let type = root;
  for (const step of steps.slice(1)) {
    if (type.kind === BtfKind.array) {
      path += '[]';
      type = btf.resolve(type.element);
      continue;
    }
    const member = type.members[step];
    if (!member)
      throw malformedObject(`a CO-RE relocation names member ${step} of ${name}, which is not there`);
    // Anonymous structs and unions are not part of the name.
    if (member.name) path += `.${member.name}`;
    type = btf.resolve(member.type);
  }
  return path;
}

/** `sk_buff___old` is matched with the kernel's `sk_buff`: the rest is the author's. */
function withoutFlavour(name: string): string {
  const flavour = name.indexOf('___');
  return flavour > 0 ? name.slice(0, flavour) : name;
}
