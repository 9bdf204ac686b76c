import { waitFor } from '@underware/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Stack } from '../src/stack/stack.js';
import { describeBrowser, startChromium } from './chromium.spec-support.js';
import {
  createService,
  hostOf,
  pairDescriptor,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
} from './stack.spec-support.js';

const NAME = 'console';
const SERVICE = 'uwt-console';
const MINUTES = 60_000;
/** Longest that the page may take to show what happened. */
const LIVE_MS = 20_000;

async function shown(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: 'visible' });
}

/** One after the other, as a person would: each test goes on where the one before left the page. */
describeBrowser('the console', () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let service: string;
  let loads = 0;
  const faults: string[] = [];

  beforeAll(async () => {
    stack = await startTestStack(NAME);
    browser = await startChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(LIVE_MS);
    page.on('load', () => (loads += 1));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // A refused token is answered with 401, which the browser notes by itself.
      if (message.type() === 'error' && !message.text().includes('401')) faults.push(message.text());
    });
  }, 2 * MINUTES);

  afterAll(async () => {
    await browser?.close();
    await removeTestStack(NAME);
  }, MINUTES);

  async function signIn(token: string): Promise<void> {
    await page.getByLabel(/^Token/).fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  function openPage(name: string): Promise<void> {
    return page.getByRole('navigation').getByRole('link', { name }).click();
  }

  /** Packets that an instance passed and dropped, as the graph says. */
  async function hop(underservice: string): Promise<{ passed: number; dropped: number }> {
    const label = await page
      .getByRole('listitem', { name: new RegExp(`^${underservice} \\d+ passed`) })
      .first()
      .getAttribute('aria-label');
    const [, passed, dropped] = /(\d+) passed (\d+) dropped/.exec(label ?? '') ?? [];
    return { passed: Number(passed), dropped: Number(dropped) };
  }

  test('refuses a wrong token in words', async () => {
    await page.goto(stack.url);
    await shown(page.getByRole('heading', { name: 'Underware' }));
    await signIn('wrong');
    await shown(page.getByRole('alert').filter({ hasText: 'This token is not accepted.' }));
    expect(await page.getByRole('navigation').count()).toBe(0);
  });

  test('says that nothing is deployed, and how to', async () => {
    await signIn(stack.token);
    await shown(page.getByRole('heading', { name: 'Services' }));
    await shown(page.getByText('No service is deployed.'));
    await shown(page.getByText('./underware deploy examples/web-behind-firewall.yaml'));
    await shown(page.getByRole('status').filter({ hasText: 'live' }));
    await openPage('Operations');
    await shown(page.getByText('Nothing was done yet.'));
  });

  test(
    'follows an instantiation step by step',
    async () => {
      service = await createService(stack, SERVICE, await pairDescriptor());
      await openPage('Services');
      const row = page.getByRole('row').filter({ hasText: SERVICE });
      await shown(row.filter({ hasText: 'NOT_INSTANTIATED' }));
      await row.getByRole('link', { name: SERVICE }).click();
      await shown(page.getByText('This service has not been instantiated yet.'));

      // One host is away for a while, so that what the page shows in the middle of it stands still.
      const away = stack.hosts[1]?.agent;
      await away?.kill();
      const operation = await stack.client.instantiate(service);
      await page.getByRole('link', { name: 'operation in progress' }).click();
      await shown(page.getByRole('heading', { name: `INSTANTIATE ${SERVICE}` }));
      await shown(page.getByText(/waits for .*h2/));
      const steps = page.getByRole('table', { name: 'steps' }).getByRole('row');
      await shown(
        steps
          .filter({ hasText: 'h1' })
          .filter({ hasText: /load (guard|meter) / })
          .filter({ hasText: '✓ done' }),
      );
      expect(await steps.filter({ hasText: 'start VNF' }).count()).toBe(0);
      await away?.restart();
      await shown(steps.filter({ hasText: 'h2' }).filter({ hasText: 'start VNF' }));
      await shown(page.getByText('COMPLETED', { exact: true }));
      await settle(stack, operation, 'COMPLETED');
      for (const step of ['make the network of VNF', 'load guard', 'check assertion', 'start VNF'])
        await shown(page.getByRole('row').filter({ hasText: step }).filter({ hasText: '✓ done' }));
      expect(await page.getByRole('row').filter({ hasText: '✗' }).count()).toBe(0);
    },
    2 * MINUTES,
  );

  test('draws hosts, VNFs, ports with their chains, and the link', async () => {
    await page.getByRole('heading').getByRole('link', { name: SERVICE }).click();
    const graph = page.getByRole('region', { name: 'service graph' });
    for (const name of ['host h1', 'host h2', 'VNF server', 'VNF client', 'port server_port', 'link net'])
      await shown(graph.getByLabel(name, { exact: true }));
    const port = graph.getByLabel('port server_port', { exact: true });
    await shown(port.getByText('10.77.0.10'));
    await shown(port.getByRole('list', { name: 'inbound chain' }).getByText('guard'));
    await shown(graph.getByLabel('VNF server', { exact: true }).getByText('healthy'));
    // All of it is in view: nothing lies outside of the drawing.
    const frame = await graph.boundingBox();
    const boxes = await Promise.all(
      (await graph.getByLabel(/^(host|link) /).all()).map((each) => each.boundingBox()),
    );
    expect(frame).not.toBeNull();
    for (const box of boxes) {
      expect(box?.x ?? 0).toBeGreaterThanOrEqual(frame?.x ?? 0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0));
    }
  });

  test(
    'shows counters rise while traffic flows, without a reload',
    async () => {
      const before = await hop('guard');
      const rule = page
        .getByRole('table', { name: 'counters' })
        .getByRole('row')
        .filter({
          has: page.getByRole('cell', { name: /^site allow tcp from client_port to any port 8080/ }),
        });
      const packets = async (): Promise<number> => Number(await rule.getByRole('cell').nth(4).textContent());
      const site = await packets();
      await waitFor(
        'the counters of the firewall to rise',
        async () => {
          const now = await hop('guard');
          return now.passed > before.passed && now.dropped > before.dropped && (await packets()) > site;
        },
        { deadlineMs: LIVE_MS, everyMs: 100 },
      );
      expect(loads).toBe(1);
      await page.getByRole('tab', { name: 'VNFs' }).click();
      await shown(page.getByRole('table', { name: 'VNFs' }).getByRole('row').filter({ hasText: 'running' }));
      await page.getByRole('tab', { name: 'Why so' }).click();
      await shown(
        page.getByRole('table', { name: 'decisions' }).getByRole('row').filter({ hasText: 'vnf server' }),
      );
    },
    MINUTES,
  );

  test(
    'lists hosts with their kernels, and tells at once when one falls silent',
    async () => {
      await openPage('Hosts');
      const row = page.getByRole('row').filter({ hasText: 'uplink0 10.90.0.1/24' });
      await shown(row.filter({ hasText: 'ready' }));
      await row.getByRole('link', { name: 'h1' }).click();
      await shown(page.getByRole('heading', { name: 'Kernel profile' }));
      const { facts } = await stack.client.host(hostOf(stack, 'h1').id);
      await shown(page.getByText(`Linux ${facts?.profile.release}`));
      await shown(page.getByText('TCX yes'));
      await shown(page.getByText('sched_cls', { exact: false }));
      await openPage('Plugins');
      await shown(page.getByRole('row').filter({ hasText: 'firewall@' }));
    },
    MINUTES,
  );

  test('goes on in words when the token is no longer good for it, and keeps no page behind', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await shown(page.getByRole('button', { name: 'Sign in' }));
    await signIn(stack.token);
    await shown(page.getByRole('row').filter({ hasText: 'firewall@' }));
  });

  test(
    'shows why an operation failed and takes it back',
    async () => {
      const yaml = await pairDescriptor((text) =>
        text.replaceAll('10.77.', '10.78.').replace('expect: drop', 'expect: pass'),
      );
      const failing = await createService(stack, 'uwt-console-failing', yaml);
      const operation = await stack.client.instantiate(failing);
      await openPage('Operations');
      await shown(page.getByRole('row').filter({ hasText: 'FAILED_TEMP' }));
      await page.getByRole('link', { name: /FAILED_TEMP/ }).click();
      const alert = page.getByRole('alert').first();
      await shown(alert.getByText(/Cannot hold assertion "admin_is_closed"/));
      await shown(page.getByRole('row').filter({ hasText: '✗ failed' }));
      await alert.getByRole('button', { name: 'rollback' }).click();
      await shown(page.getByText('ROLLED_BACK', { exact: true }));
      await settle(stack, operation, 'ROLLED_BACK');
    },
    MINUTES,
  );

  test(
    'terminates a service after asking, and follows it to its end',
    async () => {
      await openPage('Services');
      await page.getByRole('link', { name: SERVICE, exact: true }).click();
      await page.getByRole('button', { name: 'Terminate' }).click();
      const dialog = page.getByRole('dialog', { name: `Terminate ${SERVICE}?` });
      await dialog.getByRole('button', { name: 'Keep it' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect((await stack.client.instance(service)).nsState).toBe('INSTANTIATED');
      await page.getByRole('button', { name: 'Terminate' }).click();
      await dialog.getByRole('button', { name: 'Terminate' }).click();
      await shown(page.getByRole('heading', { name: `TERMINATE ${SERVICE}` }));
      await page.getByText('COMPLETED', { exact: true }).waitFor({ timeout: MINUTES });
      await openPage('Services');
      await shown(page.getByRole('row').filter({ hasText: SERVICE }).filter({ hasText: 'NOT_INSTANTIATED' }));
      expect(await remainsOf(stack)).toEqual([]);
    },
    2 * MINUTES,
  );

  test('met no fault in the browser', () => {
    expect(faults).toEqual([]);
  });
});
