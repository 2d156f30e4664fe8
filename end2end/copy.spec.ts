import type { Portal } from './support/portal.ts';
import { expect, test } from './support/test.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

const clipboard = ({ page }: Portal) => page.evaluate(() => navigator.clipboard.readText());
const question = (portal: Portal) => portal.alert.filter({ hasText: 'You have not copied this token.' });

test.describe('a new token', { tag: '@javascript' }, () => {
  test.beforeEach(({ portal }) => portal.openProfile());

  test('is said to be copied once, and then Done comes first; it can be copied again', async ({ portal }) => {
    const token = await portal.create('A');
    await expect(portal.button('Copy token')).toContainClass('primary');
    await expect(portal.button('Done')).not.toContainClass('primary');
    for (let times = 0; times < 2; times += 1) {
      await portal.copy();
      await expect(portal.said('Token copied to clipboard.')).toHaveCount(1);
      await expect(portal.button('Done')).toContainClass('primary');
      await expect(portal.button('Copy token')).not.toContainClass('primary');
      await expect(portal.button('Copy token')).toBeFocused();
      expect(await clipboard(portal)).toBe(token);
    }
  });

  test('is copied with the line for the environment, and then asks for nothing', async ({ portal }) => {
    const token = await portal.create('A');
    await portal.button('Copy .env').click();
    await expect(portal.dialog.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
    expect(await clipboard(portal)).toBe(`OPENTILL_TOKEN=${token}`);
    await portal.button('Done').click();
    await expect(portal.dialog).toBeHidden();
    await expect(portal.said('Token “A” created.')).toBeVisible();
  });

  test('is not copied with code that does not hold it', async ({ portal }) => {
    const token = await portal.create('A');
    for (const [language, label] of [
      ['curl', 'curl command'],
      ['JavaScript', 'JavaScript code'],
      ['PHP', 'PHP code'],
      ['Python', 'Python code'],
    ]) {
      await portal.choose(language);
      const figure = portal.page.getByRole('figure', { name: label });
      await expect(figure).toContainText('OPENTILL_TOKEN');
      await expect(figure).not.toContainText(token);
      await portal.button(`Copy ${label}`).click();
      await expect(figure.getByRole('status')).toHaveText('Copied');
      expect(await clipboard(portal)).not.toContain(token);
    }
    await portal.button('Done').click();
    await expect(question(portal)).toBeVisible();
  });

  test('that was tested but not copied is still asked about', async ({ portal }) => {
    await portal.create('A');
    await portal.button('Test this token').click();
    await expect(portal.said('It works. Authenticated as')).toBeVisible();
    await portal.button('Done').click();
    await expect(question(portal)).toBeVisible();
    await portal.button('Keep open').click();
    await expect(portal.button('Copy token')).toBeFocused();
  });

  test('can be revoked at once when it was not copied', async ({ portal }) => {
    await portal.create('A');
    await portal.leaveReveal();
    await portal.button('Revoke it').click();
    await expect(portal.page.getByRole('dialog', { name: 'Revoke “A”?' })).toBeVisible();
    await expect(portal.button('Cancel')).toBeFocused();
    await portal.button('Revoke token').click();
    await expect(portal.said('Token “A” revoked.')).toBeVisible();
    await expect(portal.button('Revoke it')).toBeHidden();
    await expect(portal.rows).toHaveCount(0);
  });

  test('holds the page back until it is copied, and no longer', async ({ portal }) => {
    const { page } = portal;
    let questions = 0;
    page.on('dialog', async (dialog) => {
      expect(dialog.type()).toBe('beforeunload');
      questions += 1;
      await dialog.dismiss();
    });
    await portal.create('A');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => questions).toBe(1);
    await portal.copy();
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
    expect(questions).toBe(1);
  });
});
