import { expectAccessible } from './support/accessible.ts';
import { fileName } from './support/view.ts';
import { expect, OWN_SERVER, test } from './support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' }, server: OWN_SERVER });

// Long ago and far ahead, so that the pages say the same for years.
const OWN = { client: '1', currency_code: 'USD', created_at: '2020-01-15T10:30:00Z' };
const SERVICE = { name: 'Web Pro', product_name: 'Web Pro', billing_cycle: 'monthly', amount: '9.99' };
const INVOICE = { issue_date: '2020-01-15', due_date: '2020-01-29', total: '34.51', subtotal: '30.00' };
const LINES = [
  { type: 'order', external_id: 'o', ...OWN, order_number: 'ORD-1', status: 'active', total: '9.99', invoice_id: 'i',
    items: [{ product_name: 'Web Pro', billing_cycle: 'monthly', price: '9.99', service_id: 's' }] },
  { type: 'service', external_id: 's', ...OWN, ...SERVICE, status: 'active', domain: 'example.com', order_id: 'o',
    next_due_date: '2090-12-01', registration_date: '2020-01-15' },
  { type: 'service', external_id: 't', ...OWN, ...SERVICE, status: 'suspended', suspended_at: '2020-03-01T00:00:00Z' },
  { type: 'domain', external_id: 'd', ...OWN, domain_name: 'example.com', status: 'active', expiry_date: '2090-02-01',
    auto_renew: true, amount: 1500, ns1: 'ns1.example.com', ns2: 'ns2.example.com' },
  { type: 'invoice', external_id: 'i', ...OWN, ...INVOICE, invoice_number: 'INV-1', status: 'unpaid', tax: 551,
    discount: '1.00', pay_url: 'https://billing.example/pay/1',
    items: [{ description: 'Web Pro', amount: 3000, service_id: 's', domain_id: 'd' }],
    taxes: [{ name: 'VAT', rate: '19', taxable_amount: 2900, amount: 551 }],
    payments: [{ date: '2020-01-16', amount: 100, method: 'Bank transfer', status: 'failed' }],
    seller: { company: 'Hosting Ltd', country: 'GB' }, buyer: { name: 'Jane Smith', city: 'Austin' } },
  { type: 'credit_note', external_id: 'c', ...OWN, currency_code: 'JPY', invoice_number: 'CN-1', status: 'paid',
    total: -1200, issue_date: '2020-02-15', related_invoice_id: 'i' },
];
const LISTS = { services: 'Web Pro', domains: 'example.com', invoices: 'INV-1', orders: 'ORD-1' };

test('screen readers are told the same of what is billed', { tag: ['@javascript', '@chromium'] }, async ({ portal, server, client }) => {
  test.slow(); // Eleven pages.
  const { page } = portal;
  const told = async (state: string) => {
    const name = `${fileName(`billing ${state}`)}.aria.yml`;
    await expect.soft(page.getByRole('main'), state).toMatchAriaSnapshot({ name });
  };
  await portal.signIn();
  // Nothing of this client's yet, but of somebody's.
  server.import([{ type: 'client', external_id: '2', email: 'other@example.com', name: 'Other' }]);
  await portal.open('/');
  await told('overview none');
  await expectAccessible(portal);
  await portal.open('/invoices');
  await told('invoices none');
  await expectAccessible(portal);

  server.import([{ type: 'client', external_id: '1', email: client.email, name: client.name }, ...LINES]);
  await portal.open('/');
  await told('overview');
  for (const [list, first] of Object.entries(LISTS)) {
    await portal.open(`/${list}`);
    await told(list);
    await page.getByRole('rowheader').getByRole('link', { name: first }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(first);
    await portal.ready();
    await told(list.slice(0, -1));
  }
});
