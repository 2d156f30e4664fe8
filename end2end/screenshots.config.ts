import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/** `make screenshots`: every state as a picture. */
export default defineConfig({
  ...base,
  testMatch: 'screenshots.ts',
  projects: [{ name: 'screenshots' }],
});
