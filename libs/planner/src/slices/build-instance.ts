import type { Decision, DesiredInstance, HeldInstance, Underservice } from '@underware/core';
import type { Position } from '../chain-order/order-chain.js';
import { impossible } from '../impossible.js';
import { versionOf } from '../placement/choose-plugin.js';
import type { Attachment } from '../placement/host-fit.js';
import type { PlacedVnf } from '../placement/place.js';
import type { Holdings } from '../residency/holdings.js';
import { compareText, instanceId, portKey, uplinkKey } from '../stable-names.js';
import type { Configs } from './configs.js';
import type { Layout } from './placed-service.js';
import { placeOf } from './reuse.js';

/** One instance of an underservice, with the decisions about it. */
export function buildInstance(
  { service, index, plugins, ids }: Layout,
  { host }: Pick<PlacedVnf, 'host'>,
  attachment: Attachment,
  { order, reason }: Position,
  configs: Configs,
  holdings: Holdings,
): { instance: DesiredInstance; decisions: Decision[] } {
  const { underservice, kind, port, direction, hook } = attachment;
  const where = attachment.uplink ?? port;
  const subject = `instance ${underservice} on ${where} ${direction}`;
  const { chosen, rejected } = plugins.choose(kind, hook, host);
  const source = index.underservices.get(underservice);
  if (chosen === undefined || source === undefined) {
    throw impossible(subject, `no plugin implements ${kind} on ${host.name}`, 'Onboard a plugin for it.');
  }
  const { plugin, program } = chosen;
  const { digest, manifest } = plugin;
  const { config, revision, ...owner } = configs.of(attachment, source, plugin, program, host);
  const at = hook === 'xdp/egress' || hook === 'tcx/ingress' ? `${direction} ${hook}` : direction;
  const ownId = instanceId(service, underservice, port, at);
  const held = holdings.take(host, { id: ownId, revision, digest, hook });
  const portOf = attachment.uplink === undefined ? portKey(service, port) : uplinkKey(attachment.uplink);
  const id =
    held?.id ??
    ids?.get(placeOf(host.id, underservice, portOf, hook)) ??
    holdings.freeId(host, (attempt) =>
      attempt === 0 ? ownId : instanceId(service, underservice, port, `${at} ${attempt}`),
    );
  const decisions: Decision[] = [
    ...rejected.map(({ choice, reason }): Decision => ({
      subject,
      outcome: 'rejected',
      choice,
      reason,
      host: host.id,
    })),
    {
      subject,
      outcome: 'chosen',
      choice: versionOf(plugin),
      reason: `${chosen.why ?? (rejected.length === 0 ? 'the highest version' : 'the highest version that runs on its host')}; program ${program} on ${hook}, position ${order} (${reason})`,
      host: host.id,
    },
    ...(held === undefined ? [] : [reuseDecision(subject, held, host.id)]),
    { ...residencyDecision(subject, source), host: host.id },
  ];
  const instance: DesiredInstance = {
    key: `${id}-${revision}`,
    id,
    revision,
    underservice,
    plugin: { name: manifest.name, version: manifest.version, digest },
    ...owner,
    program,
    port: portOf,
    hook,
    order,
    config,
    residency: source.residency === 'persistent' ? 'persistent' : 'dynamic',
  };
  return { instance, decisions };
}

function reuseDecision(subject: string, { key, since }: HeldInstance, host: string): Decision {
  return {
    subject,
    outcome: 'chosen',
    choice: key,
    reason: `held without a user since ${since}, of the same plugin, program and config: linked without being loaded`,
    host,
  };
}

function residencyDecision(subject: string, { residency }: Underservice): Decision {
  return {
    subject: `residency of ${subject}`,
    outcome: 'chosen',
    choice: residency === 'persistent' ? 'persistent' : 'dynamic',
    reason:
      residency === 'auto'
        ? 'auto: held after its last user for as long as that is expected to cost less than loading it again'
        : residency === 'persistent'
          ? 'as written: stays loaded when the service is gone, and is back at boot before any VNF'
          : 'as written: unloaded with its last user',
  };
}

export function compareInstances(a: DesiredInstance, b: DesiredInstance): number {
  return (
    compareText(a.port, b.port) ||
    compareText(a.hook, b.hook) ||
    a.order - b.order ||
    compareText(a.key, b.key)
  );
}
