/** An example that the demo can deploy. Its client tries both ports over both families; its firewalls are all named guard. */
export interface Showcase {
  file: string;
  /** What the demo proves of its traffic. */
  claim: string;
  /** That the client tries, and gets an answer from. */
  allowedPort: number;
  /** That something listens on, so that only the firewalls can keep the client from it. */
  deniedPort: number;
}

export const SHOWCASES = {
  'web-behind-firewall': {
    file: 'examples/web-behind-firewall.yaml',
    claim: 'the firewall in the kernel lets the site through and nothing else',
    allowedPort: 8080,
    deniedPort: 9090,
  },
  datacenter: {
    file: 'examples/datacenter.yaml',
    claim:
      'balanced, routed and switched in the kernels, the site is reached on both servers, and nothing else is',
    allowedPort: 80,
    deniedPort: 9090,
  },
} as const satisfies Record<string, Showcase>;

export type ShowcaseName = keyof typeof SHOWCASES;
