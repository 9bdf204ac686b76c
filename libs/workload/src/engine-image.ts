import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UnderwareError } from '@underware/core';
import { connect, engineError, statusOf } from './engine.js';

/**
 * Makes an image of a root file system, a directory or a tar of one, through the engine's socket: no registry is asked.
 * An image of that name loses the name to the new one. `name` has a tag: `localhost/web:1`.
 */
export async function importImage(socket: string, image: { name: string; rootfs: string }): Promise<void> {
  const attempt = { attempted: 'import image', on: image.name };
  const docker = connect(socket);
  try {
    const directory = (await stat(image.rootfs)).isDirectory();
    const tar = directory ? tarOf(image.rootfs) : createReadStream(image.rootfs);
    const reply = await docker.importImage(tar, { repo: image.name });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(reply, (error: Error | null) =>
        error === null ? resolve() : reject(error),
      );
    });
    await docker.getImage(image.name).inspect();
  } catch (error) {
    throw engineError(error, attempt);
  }
}

/** Removes an image; one that is not there is no error. */
export async function removeImage(socket: string, name: string): Promise<void> {
  try {
    await connect(socket).getImage(name).remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw engineError(error, { attempted: 'remove image', on: name });
  }
}

/** Whether the engine has an image of that name. */
export async function hasImage(socket: string, name: string): Promise<boolean> {
  try {
    await connect(socket).getImage(name).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw engineError(error, { attempted: 'look up image', on: name });
  }
}

/** Owned by root whoever packs it, so that the image does not depend on the user who built it. */
function tarOf(directory: string): NodeJS.ReadableStream {
  const child = spawn('tar', ['--numeric-owner', '--owner=0', '--group=0', '-C', directory, '-c', '.'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.once('error', (error) => child.stdout.destroy(error));
  child.once('close', (code) => {
    if (code !== 0)
      child.stdout.destroy(
        new UnderwareError({
          code: 'RUNTIME_UNAVAILABLE',
          attempted: 'pack image',
          on: directory,
          why: stderr.trim() || `tar ended with exit code ${code}`,
          remedy: 'Check that the directory can be read, then retry.',
        }),
      );
  });
  return child.stdout;
}
