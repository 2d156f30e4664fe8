import type { Portal } from './support/portal.ts';
import { expect, test } from './support/test.ts';

const BY_HAND = 'Press Ctrl+C (⌘C) to copy.';

/** How pages see a browser without a usable clipboard. */
const CLIPBOARDS: Record<string, () => void> = {
  missing: () => {
    Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });
  },
  denied: () => {
    const denied = new DOMException('Write permission denied.', 'NotAllowedError');
    // On `about:blank` Firefox has none.
    if (globalThis.Clipboard) Clipboard.prototype.writeText = () => Promise.reject(denied);
  },
  broken: () => {
    if (globalThis.Clipboard) Clipboard.prototype.writeText = () => Promise.reject(undefined);
  },
};

async function expectSelected(portal: Portal, token: string): Promise<void> {
  await expect(portal.said(BY_HAND)).toBeVisible();
  expect(await portal.page.evaluate(() => String(getSelection()))).toBe(token);
  await expect(portal.dialog).not.toContainText(/copied to clipboard/i);
  await expect(portal.button('Copy token')).not.toContainClass('copied');
}

test.describe('without a usable clipboard', { tag: '@javascript' }, () => {
  for (const [state, stub] of Object.entries(CLIPBOARDS)) {
    test(`a ${state} one: the token is selected and never said to be copied`, async ({ portal }) => {
      await portal.page.addInitScript(stub);
      await portal.openProfile();
      const token = await portal.create('A');
      await portal.button('Copy token').click();
      await expectSelected(portal, token);

      await portal.button('Done').click();
      await expect(portal.alert).toContainText("You haven't copied this token yet.");
      await portal.button('Copy and close').click();
      await expectSelected(portal, token);
      await expect(portal.dialog).toBeVisible();
    });

    test(`a ${state} one: code is selected and never said to be copied`, async ({ portal }) => {
      await portal.page.addInitScript(stub);
      await portal.open('/docs/api');
      await portal.button('Copy curl command').click();
      await expect(portal.said(BY_HAND)).toBeVisible();
      await expect(portal.said('Copied')).toHaveCount(0);
      expect(await portal.page.evaluate(() => String(getSelection()))).toMatch(/^curl -H/);
    });
  }

  test('copying the selection by hand counts', async ({ portal }) => {
    const { page } = portal;
    await page.addInitScript(CLIPBOARDS.missing);
    await portal.openProfile();
    const token = await portal.create('A');
    await portal.button('Copy token').click();
    await expectSelected(portal, token);
    await portal.copySelection();
    await portal.button('Done').click();
    await expect(portal.dialog).toBeHidden();
    await expect(portal.said('Token “A” created.')).toBeVisible();
    await expect(portal.nameField).toBeFocused();
    await page.keyboard.press('ControlOrMeta+V');
    await expect(portal.nameField).toHaveValue(token);
  });
});
