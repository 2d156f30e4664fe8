import { expect, test } from './support/test.ts';

test.describe('moments in the far east', { tag: '@javascript' }, () => {
  test.use({ timezoneId: 'Pacific/Kiritimati' });

  test('are told by the reader’s clock, and exactly in UTC', async ({ portal }) => {
    const { page } = portal;
    await portal.openProfile();
    const moment = page.locator('#sessions time').first();
    const there = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Pacific/Kiritimati' });
    const at = new Date((await moment.getAttribute('datetime'))!);
    await expect(moment).toContainText(`today ${there.format(at)}`);
    await expect(moment).toHaveAttribute('title', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  });

  test('grow older by themselves', async ({ portal }) => {
    const { page } = portal;
    await page.clock.install();
    await portal.openProfile();
    const moment = page.locator('#sessions time').first();
    await expect(moment).toContainText('just now');
    await page.clock.runFor('04:00');
    await expect(moment).toContainText(/[34] minutes ago/);
  });
});

test('without scripts, moments say that they are in UTC', { tag: '@plain' }, async ({ portal }) => {
  await portal.openProfile();
  await expect(portal.page.locator('#sessions time').first()).toContainText(/\d+ \w{3} \d{4} \d\d:\d\d UTC, just now/);
});
