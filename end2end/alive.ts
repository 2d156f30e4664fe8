import { chromium, type LaunchOptions, test } from '@playwright/test';

import { CONDITIONS, emulate } from './support/conditions.ts';
import { Portal } from './support/portal.ts';
import { Server } from './support/server.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const TOKENS = 10;

/** Milliseconds since the start of the navigation. */
interface Timing {
  /** Largest contentful paint. */
  painted: number;
  /** The island, not the browser, has handled the first click on “Create Token”. */
  answered: number;
  /** The dialog with the token is open; this includes the server's time. */
  opened: number;
}

/** Runs in the page: clicks on “Create Token” as soon as the page is hydrated. */
function clickOnceAlive() {
  const timing = { painted: 0, answered: 0, opened: 0 };
  Object.assign(window, { timing });
  // Unless the island handles it, the browser submits the form and leaves the page: that does not count.
  addEventListener('submit', (event) => event.preventDefault());
  new PerformanceObserver((list) => {
    timing.painted = list.getEntries().at(-1)!.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  let isClicked = false;
  new MutationObserver(() => {
    const form = document.querySelector('form.create');
    if (!isClicked && form && document.documentElement.hasAttribute('data-hydrated')) {
      isClicked = true;
      form.querySelector<HTMLInputElement>('[name="name"]')!.value = 'Billing Dashboard';
      form.querySelector<HTMLButtonElement>('[type="submit"]')!.click();
    }
    if (form?.getAttribute('aria-busy') === 'true') timing.answered ||= performance.now();
    if (document.querySelector('dialog.reveal[open]')) timing.opened ||= performance.now();
  }).observe(document, { attributes: true, childList: true, subtree: true });
}

test('how soon a first visit to Profile can be used', async () => {
  const { launchOptions } = test.info().project.use as { launchOptions: LaunchOptions };
  const server = await Server.start();
  try {
    for (const [condition, how] of Object.entries(CONDITIONS)) {
      for (let round = 0; round < ROUNDS; round += 1) {
        // A browser with an empty cache, without compiled code and connections, that has shown a page before.
        const browser = await chromium.launch(launchOptions);
        const page = await browser.newPage({ baseURL: server.url });
        const portal = new Portal(page, server.addClient('Ada Byron'), true);
        await portal.signIn();
        await portal.createUnseen(...Array.from({ length: TOKENS }, (_, at) => `Integration ${at + 1}`));
        await page.addInitScript(clickOnceAlive);
        await emulate(page, how);
        await page.goto('data:text/html,<p>A page <b>before</b> <input value=it> <button>is</button>');
        await page.goto('/profile', { waitUntil: 'commit' });
        const timing = await page.waitForFunction(() => {
          const { timing } = window as unknown as { timing: Timing };
          return timing.opened && timing.painted ? timing : null;
        });
        console.log(`alive: ${JSON.stringify({ condition, ...(await timing.jsonValue()) })}`);
        await browser.close();
      }
    }
  } finally {
    await server.stop();
  }
});
