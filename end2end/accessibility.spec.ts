import { AxeBuilder } from '@axe-core/playwright';

import { type Portal, sidewaysScroll } from './support/portal.ts';
import { EXPECTED, PLAIN_STATES, STATES } from './support/states.ts';
import { expect, test, UNUSED_PRELOAD } from './support/test.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Rules of axe whose result depends on the theme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

async function expectAccessible({ page }: Portal): Promise<void> {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await sidewaysScroll(page), `sideways at ${width} px`).toBe(0);
    await page.emulateMedia({ colorScheme: 'light' });
    await expectNothingFound(new AxeBuilder({ page }).withTags(TAGS), `light, ${width} px`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectNothingFound(new AxeBuilder({ page }).withRules(COLOURS), `dark, ${width} px`);
  }
}

async function expectNothingFound(axe: AxeBuilder, where: string): Promise<void> {
  const { passes, violations } = await axe.analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}\n${target.join(' ')}\n${failureSummary}`),
  );
  expect.soft(found, where).toEqual([]);
  expect(passes.map(({ id }) => id), 'what was checked').toContain('color-contrast');
}

test.describe('accessible, light and dark, wide and narrow:', { tag: '@javascript' }, () => {
  // Colors are checked without transitions.
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  for (const [state, reach] of Object.entries(STATES)) {
    test(state, async ({ portal, server, announce }) => {
      announce(EXPECTED);
      await reach(portal, server);
      await expectAccessible(portal);
    });
  }

  for (const [state, reach] of Object.entries(PLAIN_STATES)) {
    // Firefox asks before it sends a form again.
    const tag = state === 'already created page' ? '@chromium' : [];
    test(state, { tag }, async ({ portal, server, announce }) => {
      announce(/Failed to load resource/);
      announce(UNUSED_PRELOAD);
      const plain = await portal.withoutBoot();
      await reach(plain, server);
      await expectAccessible(plain);
    });
  }
});
