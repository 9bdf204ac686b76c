import { UnderwareError } from '@underware/core';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Everything the agent is told by its environment. Nothing else of the agent reads `process.env`. */
export interface AgentConfig {
  host: string;
  api: { socketPath: string } | { url: string };
  tokenFile: string;
  queueUrl: string;
  bpffs: string;
  stateDir: string;
  trustedKeys: string;
  containerSocket?: string;
  uplinks: string[];
  /** Devices that may be handed to VNFs, by class. */
  devices: Record<string, number>;
  /** The engine's object file, `root.bpf.o`; `deliver.bpf.o` lies beside it. */
  engineObject: string;
}

const ENGINE_OBJECT = fileURLToPath(new URL('../../../bpf/build/root.bpf.o', import.meta.url));

const schema = z.object({
  UNDERWARE_HOST: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be the id that enrolling gave'),
  UNDERWARE_API: z.string().regex(/^(unix:\/|https?:\/\/)/, 'must be unix:/path, http://… or https://…'),
  UNDERWARE_TOKEN_FILE: path(),
  UNDERWARE_QUEUE_URL: z.string().regex(/^[a-z+]+:\/\//, 'must be a URL'),
  UNDERWARE_BPFFS: path().default('/sys/fs/bpf'),
  UNDERWARE_STATE_DIR: path().default('/var/lib/underware-agent'),
  UNDERWARE_TRUSTED_KEYS: path().default('/etc/underware/trusted-keys'),
  UNDERWARE_CONTAINER_SOCKET: path().optional(),
  UNDERWARE_UPLINKS: z.string().default(''),
  UNDERWARE_DEVICES: z
    .string()
    .regex(
      /^(\s*[A-Za-z][A-Za-z0-9._-]{0,62}=\d{1,6}\s*(,|$))*$/,
      'must be classes with their numbers, as in gpu=2,fpga=1',
    )
    .default(''),
  UNDERWARE_ENGINE_OBJECT: path().default(ENGINE_OBJECT),
});

export function readConfig(environment: NodeJS.ProcessEnv): AgentConfig {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const env = parsed.data;
  const api = env.UNDERWARE_API;
  return {
    host: env.UNDERWARE_HOST,
    api: api.startsWith('unix:') ? { socketPath: api.slice('unix:'.length) } : { url: api },
    tokenFile: env.UNDERWARE_TOKEN_FILE,
    queueUrl: env.UNDERWARE_QUEUE_URL,
    bpffs: env.UNDERWARE_BPFFS,
    stateDir: env.UNDERWARE_STATE_DIR,
    trustedKeys: env.UNDERWARE_TRUSTED_KEYS,
    ...(env.UNDERWARE_CONTAINER_SOCKET !== undefined && { containerSocket: env.UNDERWARE_CONTAINER_SOCKET }),
    uplinks: env.UNDERWARE_UPLINKS.split(',')
      .map((device) => device.trim())
      .filter((device) => device !== ''),
    devices: Object.fromEntries(
      [...env.UNDERWARE_DEVICES.matchAll(/([^\s,=]+)=(\d+)/g)].map(([, name, count]) => [
        name,
        Number(count),
      ]),
    ),
    engineObject: env.UNDERWARE_ENGINE_OBJECT,
  };
}

function path() {
  return z.string().regex(/^\//, 'must be an absolute path');
}

function invalid(issues: z.core.$ZodIssue[]): UnderwareError {
  const findings = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the configuration',
    on: 'the environment of underware-agent',
    why: findings.join('; '),
    remedy: 'Set the variables as apps/agent/README.md describes them',
  });
}
