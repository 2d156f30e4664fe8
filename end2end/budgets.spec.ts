import { brotliCompressSync } from 'node:zlib';

import type { Page } from '@playwright/test';

import { CONDITIONS, emulate } from './support/conditions.ts';
import { Portal } from './support/portal.ts';
import { expect, test } from './support/test.ts';

const KIB = 1024;
const PAGES = ['/', '/profile', '/docs/api'];

/** Sizes in brotli of all that a page loads, by path. */
async function load(portal: Portal, path: string): Promise<Record<string, number>> {
  const { page } = portal;
  const answers: Promise<[string, number]>[] = [];
  page.on('response', (answer) => {
    if (!answer.ok()) return;
    const size = answer.body().then((body) => brotliCompressSync(body).length);
    answers.push(size.then((size) => [new URL(answer.url()).pathname, size]));
  });
  await page.goto(path, { waitUntil: 'networkidle' });
  await portal.ready();
  page.removeAllListeners('response');
  return Object.fromEntries(await Promise.all(answers));
}

/** Total size of all whose path matches. */
function sum(sizes: Record<string, number>, pattern: RegExp): number {
  const chosen = Object.entries(sizes).filter(([path]) => pattern.test(path));
  return chosen.reduce((sum, [, size]) => sum + size, 0);
}

interface Timing {
  painted: number;
  hydrated: number;
}

/** Largest contentful paint and hydration, in milliseconds since the start of the navigation. */
function timing(page: Page): Promise<Timing> {
  return page.evaluate(
    () =>
      new Promise<Timing>((done) => {
        new PerformanceObserver((list) => {
          const painted = list.getEntries().at(-1)!.startTime;
          const { hydratedAt } = window as unknown as { hydratedAt: number };
          done({ painted: Math.round(painted), hydrated: Math.round(hydratedAt) });
        }).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
}

test.describe('small and steady', { tag: ['@javascript', '@chromium'] }, () => {
  test('what a first visit loads, in brotli', async ({ portal }) => {
    await portal.signIn();
    await portal.createUnseen(...Array.from({ length: 10 }, (_, at) => `Integration ${at + 1}`));
    const sizes: Record<string, number> = {};
    for (const path of PAGES) Object.assign(sizes, await load(portal, path));
    const css = sum(sizes, /\.css$/);
    const code = sum(sizes, /\.(js|wasm)$/);
    const html = Math.max(...PAGES.map((path) => sizes[path]));
    console.log(`budgets: CSS ${css} B, largest HTML ${html} B, JavaScript and WebAssembly ${code} B`);
    expect(css, 'CSS').toBeLessThanOrEqual(12 * KIB);
    expect(html, 'HTML').toBeLessThanOrEqual(15 * KIB);
    expect(code, 'JavaScript and WebAssembly').toBeLessThanOrEqual(180_000);
  });

  test('what the login page loads before it can be used, in brotli', async ({ portal }) => {
    const size = sum(await load(portal, '/login'), /^\/login$|\.(css|js)$/);
    console.log(`budgets: login page, style and script ${size} B`);
    expect(size).toBeLessThanOrEqual(20 * KIB);
  });

  for (const width of [1280, 320]) {
    test(`nothing moves while a page comes to life, ${width} px wide`, async ({ portal }) => {
      const { page } = portal;
      await page.setViewportSize({ width, height: 720 });
      for (const path of ['/login?next=%2F%2Fx', ...PAGES]) {
        if (path === PAGES[0]) {
          await portal.signIn();
          await portal.createUnseen('A', 'B');
        }
        await portal.open(path);
        const shift = await page.evaluate(
          () =>
            new Promise<number>((done) => {
              new PerformanceObserver((list) => {
                const shifts = list.getEntries() as (PerformanceEntry & { value: number })[];
                done(shifts.reduce((sum, { value }) => sum + value, 0));
              }).observe({ type: 'layout-shift', buffered: true });
              // The observer does not report the absence of shifts.
              setTimeout(() => done(0), 200);
            }),
        );
        expect(shift, path).toBe(0);
      }
    });
  }

  // Reported without a limit: it depends on the computer.
  for (const [condition, how] of Object.entries(CONDITIONS)) {
    test(`how soon a first visit can be read and used, ${condition}`, async ({ browser, server, client }) => {
      test.setTimeout(180_000);
      for (const path of ['/login', ...PAGES]) {
        // Each with an empty cache.
        const context = await browser.newContext({ baseURL: server.url });
        const page = await context.newPage();
        const portal = new Portal(page, client, true);
        if (path !== '/login') {
          await portal.signIn();
          await page.request.post('/profile/tokens', { form: { name: 'A' } });
        }
        await page.addInitScript(() => {
          const isHydrated = () => document.documentElement?.hasAttribute('data-hydrated');
          const options = { attributes: true, childList: true, subtree: true };
          new MutationObserver((_, observer) => {
            if (!isHydrated()) return;
            Object.assign(window, { hydratedAt: performance.now() });
            observer.disconnect();
          }).observe(document, options);
        });
        await emulate(page, how);
        // On a busy machine the slow browser takes longer than others may.
        page.setDefaultNavigationTimeout(60_000);
        await portal.open(path);
        const { painted, hydrated } = await timing(page);
        console.log(`budgets: ${path}, ${condition}: largest part painted ${painted} ms, alive ${hydrated} ms`);
        expect(painted, 'it was measured').toBeGreaterThan(0);
        expect(hydrated, 'it was measured').toBeGreaterThan(0);
        await context.close();
      }
    });
  }
});
