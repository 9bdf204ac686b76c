import { type ChildProcess, spawn } from 'node:child_process';
import type { DesiredWorkload } from '@underware/core';

/** The shells and tools that start a workload see this environment only, never the workload's own. */
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/**
 * Enters the workload's groups and network namespace, gives up every privilege, and runs the script that comes on
 * standard input. Arguments: namespace, user id, groups. Writing 0 to cgroup.procs means "me".
 */
const ENTER = `
namespace=$1 user=$2; shift 2
for group; do echo 0 > "$group/vnf/cgroup.procs" || exit 125; done
exec nsenter "--net=/run/netns/$namespace" -- \\
  setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs \\
  --bounding-set=-all --inh-caps=-all --ambient-caps=-all -- sh -s
`;

/** Stays until the workload ends, to write down its exit code: the agent may be gone by then. */
const SUPERVISE = `
exit_file=$1 enter=$2; shift 2
join() { shift 2; for group; do echo 0 > "$group/cgroup.procs" || return 1; done; }
join "$@" || exit 125
exec 3<&0 </dev/null
sh -c "$enter" sh "$@" <&3 3<&- &
exec 3<&-
wait $!
echo $? > "$exit_file"
`;

/** Where a workload runs, and as whom. */
export interface Place {
  namespace: string;
  user: number;
  /** Directories of the control group, one a hierarchy. */
  groups: string[];
}

/**
 * A user of its own for every workload, without an account: the low bits of its key above 0x70000000, a range that
 * neither distributions nor systemd nor container engines give out.
 */
export function userOf(key: string): number {
  const bits = Number.parseInt(key.slice(-6), 16);
  return 0x70000000 + (Number.isNaN(bits) ? 0 : bits);
}

/** Starts the workload under its supervisor, which lives on when this process ends. */
export function supervise(
  workload: DesiredWorkload,
  place: Place,
  files: { exit: string; log: number },
): ChildProcess {
  const { namespace, user, groups } = place;
  const child = spawn(
    'sh',
    ['-c', SUPERVISE, 'underware', files.exit, ENTER, namespace, String(user), ...groups],
    {
      detached: true,
      cwd: '/',
      env: ENVIRONMENT,
      stdio: ['pipe', files.log, files.log],
    },
  );
  deliver(child, script(workload.environment, workload.command));
  child.unref();
  return child;
}

/** Runs one command in the place of a workload, with its environment; for health checks. */
export function runBeside(
  environment: Record<string, string>,
  command: string[],
  place: Place,
): ChildProcess {
  const { namespace, user, groups } = place;
  const child = spawn('sh', ['-c', ENTER, 'underware', namespace, String(user), ...groups], {
    detached: true,
    cwd: '/',
    env: ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  deliver(child, script(environment, command));
  return child;
}

/**
 * The environment comes on standard input, not on a command line that everyone on the machine can read; it takes effect
 * where no privilege is left. The braces make the shell read all of it before it runs any: half a script, from an agent
 * killed while writing, is a syntax error.
 */
function script(environment: Record<string, string>, command: string[]): string {
  const exports = Object.entries({ HOME: '/', ...environment }).map(
    ([name, value]) => `export ${name}=${quote(value)}`,
  );
  return `{\n${[...exports, `exec ${command.map(quote).join(' ')} </dev/null`].join('\n')}\n}\n`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function deliver(child: ChildProcess, text: string): void {
  child.stdin?.on('error', () => undefined); // it ended before it read: its exit code and log say why
  child.stdin?.end(text);
}
