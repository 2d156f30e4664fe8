import { brotliCompressSync } from 'node:zlib';

import { expect, test } from './support/test.ts';

const KIB = 1024;
const PAGES = ['/', '/profile', '/docs/api'];

test.describe('small and steady', { tag: '@javascript' }, () => {
  test('what a first visit loads, in brotli', async ({ portal }) => {
    const { page } = portal;
    await portal.signIn();
    await portal.createUnseen(...Array.from({ length: 10 }, (_, at) => `Integration ${at + 1}`));
    const sizes: Record<string, number> = {};
    for (const path of PAGES) {
      const answers: Promise<[string, number]>[] = [];
      page.on('response', (answer) => {
        if (!answer.ok()) return;
        const size = answer.body().then((body) => brotliCompressSync(body).length);
        answers.push(size.then((size) => [new URL(answer.url()).pathname, size]));
      });
      await page.goto(path, { waitUntil: 'networkidle' });
      await portal.ready();
      page.removeAllListeners('response');
      Object.assign(sizes, Object.fromEntries(await Promise.all(answers)));
    }
    const sum = (pattern: RegExp) =>
      Object.entries(sizes)
        .filter(([path]) => pattern.test(path))
        .reduce((sum, [, size]) => sum + size, 0);
    const css = sum(/\.css$/);
    const code = sum(/\.(js|wasm)$/);
    const html = Math.max(...PAGES.map((path) => sizes[path]));
    console.log(`budgets: CSS ${css} B, largest HTML ${html} B, JavaScript and WebAssembly ${code} B`);
    expect(css, 'CSS').toBeLessThanOrEqual(12 * KIB);
    expect(html, 'HTML').toBeLessThanOrEqual(15 * KIB);
    expect(code, 'JavaScript and WebAssembly').toBeLessThanOrEqual(230_000);
  });

  test('nothing moves while a page comes to life', async ({ portal }) => {
    const { page } = portal;
    await portal.signIn();
    await portal.createUnseen('A', 'B');
    for (const path of ['/login?next=%2F%2Fx', ...PAGES]) {
      await portal.open(path);
      const shift = await page.evaluate(
        () =>
          new Promise<number>((done) => {
            new PerformanceObserver((list) => {
              const shifts = list.getEntries() as (PerformanceEntry & { value: number })[];
              done(shifts.reduce((sum, { value }) => sum + value, 0));
            }).observe({ type: 'layout-shift', buffered: true });
            // The observer says nothing where there was no shift.
            setTimeout(() => done(0), 200);
          }),
      );
      expect(shift, path).toBe(0);
    }
  });
});
