import { expect, it } from '@jest/globals';
import { drawPlan } from './draw-plan.js';
import { plan } from './plan.js';
import { CATALOG, example, host, NOW, OPTIONS } from './plan.spec-support.js';

const inventory = { hosts: [host('h1'), host('h2')] };
const graph = example('web-behind-firewall');

it('draws hosts with their VNFs, ports with their chains, links and what starts first', () => {
  const made = plan(graph, inventory, CATALOG, OPTIONS, NOW);
  expect(drawPlan(graph, made, new Map([['h2', 'second']]))).toMatchInlineSnapshot(`
   "digraph "web-behind-firewall 1.0.0" {
     rankdir=LR;
     node [shape=box];
     subgraph "cluster h1" {
       label="host h1";
       "vnf client" [label="client\\ncontainer", style=filled];
       "port client_port" [label="client_port\\n10.60.0.2/32\\nfd60::2/128\\ntcx/egress: meter\\nxdp: meter", shape=note];
     }
     subgraph "cluster second" {
       label="host second";
       "vnf web" [label="web\\ncontainer", style=filled];
       "port web_port" [label="web_port\\n10.60.0.10/32\\nfd60::10/128\\ntcx/egress: meter → guard\\nxdp: meter", shape=note];
     }
     "link net" [label="net\\n10.60.0.0/24\\nfd60::/64", shape=ellipse];
     "vnf web" -> "port web_port" [dir=none];
     "port web_port" -> "link net" [dir=none];
     "vnf client" -> "port client_port" [dir=none];
     "port client_port" -> "link net" [dir=none];
   }
   "
  `);
});

it('draws forwarding paths, and names as they are', () => {
  const position = { file: 'x', line: 1, column: 1 };
  const [web, client] = graph.ports.map(({ name }) => name);
  const hops = [client, web].map((name) => ({ kind: 'port' as const, name: name ?? '' }));
  const odd = {
    ...graph,
    name: 'a "quoted" \\N name',
    forwardingPaths: [{ name: 'way', hops, match: [], position }],
  };
  const drawn = drawPlan(odd, plan(odd, inventory, CATALOG, OPTIONS, NOW), new Map());
  expect(drawn).toContain('digraph "a \\"quoted\\" \\\\N name 1.0.0" {');
  expect(drawn).toContain(`"port ${client}" -> "port ${web}" [color=blue, label="way"];`);
});
