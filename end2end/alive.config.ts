import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/** Rows P14 of `make bench`: time until a page can be used. */
export default defineConfig({
  ...base,
  testMatch: 'alive.ts',
  timeout: 600_000,
  projects: [{ name: 'alive' }],
});
