import { NetnsLab } from './netns-lab.js';
import type { NetnsHost } from './netns-host.js';

/** A client and a server with a host between them that routes, as a port's chain is placed in a deployment. */
export interface RoutedPair {
  lab: NetnsLab;
  client: NetnsHost;
  /** Device `client` faces the client (its XDP hook sees what the client sends), `server` faces the server. */
  host: NetnsHost;
  server: NetnsHost;
  clientAddresses: { ipv4: string; ipv6: string };
  serverAddresses: { ipv4: string; ipv6: string };
}

export async function createRoutedPair(prefix: string): Promise<RoutedPair> {
  const lab = await NetnsLab.create({ prefix });
  const [client, host, server] = [
    await lab.addHost('client'),
    await lab.addHost('host'),
    await lab.addHost('server'),
  ];
  await lab.cable(
    { host: client, device: 'eth0', addresses: ['10.83.0.1/24', 'fd83::1/64'] },
    { host, device: 'client', addresses: ['10.83.0.254/24', 'fd83::fe/64'] },
  );
  await lab.cable(
    { host: server, device: 'eth0', addresses: ['10.83.1.1/24', 'fd83:1::1/64'] },
    { host, device: 'server', addresses: ['10.83.1.254/24', 'fd83:1::fe/64'] },
  );
  await host.enableForwarding();
  await client.ip('route', 'add', 'default', 'via', '10.83.0.254');
  await client.ip('-6', 'route', 'add', 'default', 'via', 'fd83::fe');
  await server.ip('route', 'add', 'default', 'via', '10.83.1.254');
  await server.ip('-6', 'route', 'add', 'default', 'via', 'fd83:1::fe');
  return {
    lab,
    client,
    host,
    server,
    clientAddresses: { ipv4: '10.83.0.1', ipv6: 'fd83::1' },
    serverAddresses: { ipv4: '10.83.1.1', ipv6: 'fd83:1::1' },
  };
}
