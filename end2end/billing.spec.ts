import { expectAccessible } from './support/accessible.ts';
import { BILLING_STATES } from './support/billing.ts';
import { sidewaysScroll } from './support/portal.ts';
import { DEMO_CLIENT } from './support/server.ts';
import { DEMO_SERVER, expect, test } from './support/test.ts';

test.use({
  contextOptions: { reducedMotion: 'reduce' },
  server: DEMO_SERVER,
  client: async ({}, use) => use(DEMO_CLIENT),
});

for (const [state, reach] of Object.entries(BILLING_STATES)) {
  test(`accessible: ${state}`, { tag: '@javascript' }, async ({ portal, server }) => {
    await reach(portal, server);
    await expectAccessible(portal);
  });
}

test('from what is owed to the invoice, its service and back, with and without JavaScript', async ({ portal }) => {
  const { page } = portal;
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const heading = page.getByRole('heading', { level: 1 });
  await portal.signIn();
  await portal.open('/');
  await portal.follow(link('Overdue invoices'), '/invoices?status=overdue');
  await expect(page.getByRole('navigation', { name: 'Main' }).locator('[aria-current]')).toHaveText('Invoices');
  await link('INV-10449').click();
  await expect(heading).toHaveText('Invoice INV-10449');
  await expect(link('Pay now')).toHaveAttribute('href', 'https://pay.northgate.example/INV-10449');
  const saved = page.waitForEvent('download');
  await link('Download PDF').click();
  expect((await saved).suggestedFilename()).toBe('INV-10449.pdf');
  await link('View service').click();
  await expect(heading).toHaveText('Staging');
  await link('INV-10449').click();
  await expect(heading).toHaveText('Invoice INV-10449');
  await page.getByRole('main').getByRole('link', { name: 'Invoices', exact: true }).click();

  const list = page.waitForEvent('download');
  await link('Download CSV').click();
  expect((await list).suggestedFilename()).toMatch(/^invoices-\d{4}-\d\d-\d\d\.csv$/);

  // Search, status and order are in the address, so they survive Back and a reload.
  await page.getByRole('searchbox').fill('inv-104');
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL(/\/invoices\?search=inv-104/);
  await link('Total').click();
  await expect(page).toHaveURL(/sort=-total/);
  await expect(page.getByRole('columnheader', { name: 'Total' })).toHaveAttribute('aria-sort', 'descending');
  await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: /Paid/ }).click();
  await expect(page).toHaveURL(/status=paid/);
  await expect(page.getByRole('rowheader').first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('searchbox')).toHaveValue('inv-104');
});

test('printed, lists and invoices are tables on as few sheets as they need', { tag: '@chromium' }, async ({ portal }) => {
  const { page } = portal;
  const sheets = async (format: 'A4' | 'Letter') => (await page.pdf({ format })).toString('latin1').split(/\/Type \/Page\b/).length - 1;
  await portal.signIn();
  for (const [path, most] of [['/domains', 1], ['/orders', 1], ['/invoices', 2]] as const) {
    await portal.open(path);
    for (const format of ['A4', 'Letter'] as const) expect(await sheets(format), `${path} on ${format}`).toBeLessThanOrEqual(most);
  }
  await page.goto('/invoices?search=INV-10449');
  await page.getByRole('link', { name: 'INV-10449' }).click();
  expect(await sheets('A4')).toBe(1);
  // A sheet of A4 without its margins.
  await page.setViewportSize({ width: 673, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('columnheader', { name: 'Quantity' })).toBeVisible();
  await expect(page.locator('.lines tbody tr').first()).toHaveCSS('display', 'table-row');
});

test('nothing leaves the page at any width', { tag: '@javascript' }, async ({ portal }) => {
  const { page } = portal;
  await portal.signIn();
  for (const path of ['/', '/services', '/domains', '/invoices', '/orders']) {
    await portal.open(path);
    for (let width = 320; width <= 1400; width += 90) {
      await page.setViewportSize({ width, height: 800 });
      expect.soft(await sidewaysScroll(page), `${path} at ${width} px`).toBe(0);
    }
  }
});
