import { cutOff, edges, sideways, smallTargets, stretch } from '../support/layout.ts';
import { STATES } from './states.ts';
import { expect, test } from './test.ts';

/** Both sizes. At 320 px this is what 1280 px are at a zoom of 400 % (WCAG 2.2, 1.4.10). */
const WIDTHS = [1280, 320];

for (const [state, reach] of Object.entries(STATES)) {
  test(`nothing is lost in large and small windows: ${state}`, async ({ visitor }) => {
    const { session } = visitor;
    await reach(visitor);
    for (const width of WIDTHS) {
      await session.resize(width, 640);
      expect.soft(await session.evaluate(sideways), `sideways, ${width} px`).toBe(0);
      expect.soft(await session.evaluate(cutOff), `${width} px`).toEqual([]);
      expect.soft(await session.evaluate(smallTargets), `${width} px`).toEqual([]);
      if (await session.evaluate(() => document.querySelector('dialog[open]') !== null)) {
        expect.soft(await session.evaluate(stretch), `the dialog is stretched, ${width} px`).toBeLessThan(10);
      }
    }
  });
}

test('each page is hydrated, and loads its WebAssembly once', async ({ visitor }) => {
  const { session } = visitor;
  const loads = () =>
    session.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length);
  const PAGES = ['/docs/api', '/login', '/', '/profile', '/activity'];
  for (const path of PAGES) {
    if (path === '/') await visitor.signIn();
    await visitor.open(path);
    expect(await loads(), path).toBe(1);
  }
  for (let times = 0; times < 5; times += 1) {
    await session.reload();
    await visitor.ready();
    expect(await loads(), 'after a reload').toBe(1);
  }
});

test('header, page and footer begin at the same line', async ({ visitor }) => {
  await STATES.dashboard(visitor);
  expect(new Set(await visitor.session.evaluate(edges)).size).toBe(1);
});
