import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/** `make screenshots`: a picture of every state, and those of the README. */
export default defineConfig({
  ...base,
  testMatch: ['screenshots.ts', 'billing_pictures.ts', 'pictures.ts'],
  projects: [{ name: 'screenshots' }],
});
