import { UnderwareError, type ErrorCode } from '@underware/core';
import { LARGEST_PACKAGE } from '@underware/plugin';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AgentConfig } from './config.js';

const TIMEOUT_MS = 15_000;

/** Downloads a plugin package by digest. What comes is bytes, not yet a package: the caller opens it. */
export async function fetchPackage(
  api: AgentConfig['api'],
  token: string,
  digest: string,
): Promise<Uint8Array> {
  const path = `/underware/v1/plugins/${encodeURIComponent(digest)}/package`;
  const failed = (code: ErrorCode, why: string, remedy: string, cause?: unknown): UnderwareError =>
    new UnderwareError({ code, attempted: 'fetch plugin package', on: digest, why, remedy }, { cause });
  const headers = { authorization: `Bearer ${token}`, accept: 'application/octet-stream' };

  return new Promise((resolve, reject) => {
    const options = { headers, timeout: TIMEOUT_MS, method: 'GET' };
    const url = 'url' in api ? new URL(path, api.url) : undefined;
    const request = url
      ? (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options)
      : httpRequest({ ...options, path, socketPath: 'socketPath' in api ? api.socketPath : '' });
    request.on('timeout', () =>
      request.destroy(
        failed('TIMED_OUT', `the API did not answer within ${TIMEOUT_MS / 1000} s`, 'Check the orchestrator'),
      ),
    );
    request.on('error', (error) => {
      if (error instanceof UnderwareError) reject(error);
      else
        reject(
          failed('HOST_UNREACHABLE', `the API: ${error.message}`, 'Check that the orchestrator runs', error),
        );
    });
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (status !== 200) {
        response.resume();
        reject(refusal(status, failed));
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > LARGEST_PACKAGE)
          request.destroy(
            failed('PACKAGE_MALFORMED', `it has more than ${LARGEST_PACKAGE} bytes`, 'Onboard it again'),
          );
        else chunks.push(chunk);
      });
      response.on('error', (error) =>
        reject(
          error instanceof UnderwareError
            ? error
            : failed(
                'HOST_UNREACHABLE',
                `the API: ${error.message}`,
                'Check that the orchestrator runs',
                error,
              ),
        ),
      );
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    request.end();
  });
}

function refusal(
  status: number,
  failed: (code: ErrorCode, why: string, remedy: string) => UnderwareError,
): UnderwareError {
  const why = `the API answered with status ${status}`;
  if (status === 404) return failed('PACKAGE_MISSING', why, 'Onboard the plugin again');
  if (status === 401)
    return failed('UNAUTHENTICATED', why, "Enrol the host again: its token isn't known any more");
  if (status === 403) return failed('FORBIDDEN', why, 'This host may not read this plugin');
  if (status >= 500) return failed('HOST_UNREACHABLE', why, "Look at the orchestrator's log");
  return failed('PACKAGE_MISSING', why, 'Check UNDERWARE_API');
}
