import { Stack, Switch, Table, Text } from '@mantine/core';
import type { Hop, ServiceTree } from '@underware/client';
import { labelTelemetry } from '@underware/underservices';
import { useState } from 'react';
import { BackendsTable } from './backends-table.js';

interface Row {
  what: string;
  about?: string;
  packets: number;
  bytes: number;
}

/** Every instance's verdicts, and under them what its plugin counts by the names that the descriptor gave. */
export function CountersTable({ service }: { service: ServiceTree }) {
  const [zeros, setZeros] = useState(false);
  if (service.chains.length === 0) return <Text c="dimmed">No chain is planned.</Text>;
  return (
    <Stack gap="xs">
      <BackendsTable service={service} />
      <Switch
        size="xs"
        label="Also what counted nothing yet"
        checked={zeros}
        onChange={(event) => setZeros(event.currentTarget.checked)}
      />
      <Table aria-label="counters" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>host</Table.Th>
            <Table.Th>chain</Table.Th>
            <Table.Th>instance</Table.Th>
            <Table.Th>counter</Table.Th>
            <Table.Th ta="right">packets</Table.Th>
            <Table.Th ta="right">bytes</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {service.chains.flatMap((chain) =>
            chain.hops.flatMap((hop) =>
              rowsOf(service, hop)
                .filter((row) => zeros || row.packets > 0)
                .map((row) => (
                  <Table.Tr key={`${hop.key} ${row.what}`}>
                    <Table.Td>{chain.hostName}</Table.Td>
                    <Table.Td>
                      {chain.port} {chain.direction}
                    </Table.Td>
                    <Table.Td
                      title={`${hop.plugin}${hop.countsSince === undefined ? '' : `, counts since ${hop.countsSince}`}`}
                    >
                      {hop.underservice}
                    </Table.Td>
                    <Table.Td>
                      {row.what}
                      {row.about !== undefined && (
                        <Text span size="xs" c="dimmed">
                          {` ${row.about}`}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td ta="right" ff="monospace">
                      {row.packets}
                    </Table.Td>
                    <Table.Td ta="right" ff="monospace">
                      {row.bytes}
                    </Table.Td>
                  </Table.Tr>
                )),
            ),
          )}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function rowsOf(service: ServiceTree, hop: Hop): Row[] {
  const underservice = service.graph?.underservices.find(({ name }) => name === hop.underservice);
  const verdicts = Object.entries(hop.verdicts).map(([verdict, counter]) => ({
    what: `verdict ${verdict}`,
    ...counter,
  }));
  if (underservice === undefined) return verdicts;
  const addresses = new Map(
    service.graph?.ports.map((port) => [
      port.name,
      service.workloads.find(({ vnf }) => vnf === port.vnf)?.addresses ?? port.addresses,
    ]),
  );
  const labelled = Object.values(
    labelTelemetry(underservice.kind, underservice.model, hop.maps, addresses),
  ).flat();
  return [
    ...verdicts,
    ...labelled.flatMap(({ label, about, value }) =>
      label !== undefined && isCounter(value)
        ? [
            {
              what: label,
              ...(about === undefined ? {} : { about }),
              packets: value.packets,
              bytes: value.bytes,
            },
          ]
        : [],
    ),
  ];
}

function isCounter(value: unknown): value is { packets: number; bytes: number } {
  return typeof value === 'object' && value !== null && 'packets' in value && 'bytes' in value;
}
