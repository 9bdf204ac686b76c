import { BpfProgram, queryTcx, queryXdp } from '@underware/libbpf';
import type { ForeignProgram, Hook } from '@underware/core';
import { hasErrno, lend } from './bpf-call.js';
import { indexOf } from './device.js';

/** Programs on a device that are not in `ours`. A device that is gone has none. */
export async function foreignOn(device: string, ours: ReadonlySet<number>): Promise<ForeignProgram[]> {
  const ifindex = indexOf(device);
  if (ifindex === undefined) return [];
  const [xdp, ingress, egress] = await Promise.all([
    xdpPrograms(ifindex),
    tcxPrograms(ifindex, 'ingress'),
    tcxPrograms(ifindex, 'egress'),
  ]);
  const found: [Hook, number[]][] = [
    ['xdp', xdp],
    ['tcx/ingress', ingress],
    ['tcx/egress', egress],
  ];
  return Promise.all(
    found.flatMap(([hook, ids]) =>
      ids
        .filter((programId) => !ours.has(programId))
        .map(async (programId) => ({ device, hook, programId, name: await programName(programId) })),
    ),
  );
}

/** Asking a program by its id takes CAP_SYS_ADMIN; without it the id must do. */
export async function programName(id: number): Promise<string> {
  try {
    return await lend(BpfProgram.fromId(id), (program) => program.info.name);
  } catch (error) {
    if (hasErrno(error, 'EPERM', 'ENOENT')) return 'of unknown name';
    throw error;
  }
}

async function xdpPrograms(ifindex: number): Promise<number[]> {
  const { programs } = await unlessGone(queryXdp(ifindex), { programs: [] });
  return programs.map(({ id }) => id);
}

async function tcxPrograms(ifindex: number, direction: 'ingress' | 'egress'): Promise<number[]> {
  const { programs } = await unlessGone(queryTcx(ifindex, direction), { programs: [] });
  return programs.map(({ id }) => id);
}

/** Devices vanish while one looks; kernels without TCX have nobody there. */
async function unlessGone<Answer, Else>(answer: Promise<Answer>, otherwise: Else): Promise<Answer | Else> {
  try {
    return await answer;
  } catch (error) {
    if (hasErrno(error, 'ENODEV', 'ENXIO', 'EINVAL')) return otherwise;
    throw error;
  }
}
