import { UnderwareError } from '@underware/core';
import type { ManifestMap } from '@underware/core';
import type {
  MapEditAnswer,
  MapEditQuestion,
  MapRowsAnswer,
  MapRowsQuestion,
  MapsAnswer,
  MapsQuestion,
} from '@underware/jobs';
import { instanceOf, type AskedOf } from './asked-of.js';

/** The maps of the manifest; those of the engine are nobody's to look after. */
export async function answerMaps(asked: AskedOf, { instance: key }: MapsQuestion): Promise<MapsAnswer> {
  const declared = await manifestMaps(asked, key, 'list maps');
  const facts = await asked.maps.list(key);
  return {
    maps: facts.flatMap(({ name, type, maxEntries, perCpu, memoryBytes }) => {
      const map = declared[name];
      if (!map) return [];
      const { role, scope, description } = map;
      return { name, role, scope, description, type, maxEntries, perCpu, memoryBytes };
    }),
  };
}

export async function answerMapRows(
  asked: AskedOf,
  { instance: key, map, key: entry, offset, limit }: MapRowsQuestion,
): Promise<MapRowsAnswer> {
  await declaredMap(asked, key, map, 'read a map');
  if (entry === undefined) return asked.maps.read(key, map, { offset, limit });
  const row = await asked.maps.get(key, map, entry);
  return { rows: row ? [row] : [], more: false };
}

/** Config is what the revision says; all else may be edited. */
export async function answerMapEdit(
  asked: AskedOf,
  { instance: key, map, key: entry, value }: MapEditQuestion,
): Promise<MapEditAnswer> {
  const { role } = await declaredMap(asked, key, map, 'edit a map');
  if (role === 'config')
    throw new UnderwareError({
      code: 'STATE_CONFLICT',
      attempted: 'edit a map',
      on: `map ${map} of ${key}`,
      why: 'it is config, which is fixed for the life of a revision: another value would be drift, and be mended',
      remedy: 'Change the descriptor and update the service: the new revision is swapped in at once',
    });
  const before = await asked.maps.get(key, map, entry);
  if (value !== undefined) await asked.maps.set(key, map, entry, value);
  else if (before) await asked.maps.delete(key, map, entry);
  return before ? { before } : {};
}

async function declaredMap(
  asked: AskedOf,
  key: string,
  map: string,
  attempted: string,
): Promise<ManifestMap> {
  const declared = await manifestMaps(asked, key, attempted);
  const found = Object.hasOwn(declared, map) ? declared[map] : undefined;
  if (found) return found;
  throw new UnderwareError({
    code: 'NOT_FOUND',
    attempted,
    on: `map ${map} of ${key}`,
    why: 'the plugin has no such map',
    remedy: `Name one of its maps: ${Object.keys(declared).join(', ')}`,
  });
}

async function manifestMaps(
  asked: AskedOf,
  key: string,
  attempted: string,
): Promise<Record<string, ManifestMap>> {
  const { plugin } = await instanceOf(asked, key, attempted);
  return (await asked.host.manifestOf(plugin.digest)).maps;
}
