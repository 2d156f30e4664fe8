import { expect } from '@playwright/test';

import type { State } from './states.ts';

/** The states of what is imported: pages of the demo's client. */
export const BILLING_STATES: Record<string, State> = {
  overview: page('/'),
  services: page('/services'),
  'services none': page('/services?search=nothing'),
  domains: page('/domains'),
  invoices: page('/invoices'),
  'invoices overdue': page('/invoices?status=overdue'),
  orders: page('/orders'),
  service: row('/services', 'Dedicated server'),
  domain: row('/domains', 'acme-hosting.example'),
  invoice: row('/invoices?status=overdue', 'INV-10449'),
  'invoice reverse charge': row('/invoices?sort=-issue_date&search=INV-10472', 'INV-10472'),
  'credit note': row('/invoices?search=CN-', 'CN-207'),
  order: row('/orders', 'ORD-70281'),
};

function page(path: string): State {
  return async (portal) => {
    await portal.signIn();
    await portal.open(path);
  };
}

/** The page of the thing with this name, opened in a list. */
function row(path: string, name: string): State {
  return async (portal) => {
    await portal.signIn();
    await portal.open(path);
    await portal.page.getByRole('rowheader').getByRole('link', { name }).click();
    await expect(portal.page.getByRole('heading', { level: 1 })).toContainText(name);
    await portal.ready();
  };
}
