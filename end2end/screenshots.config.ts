import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/** `make screenshots`: a picture of every state. */
export default defineConfig({
  ...base,
  testMatch: 'screenshots.ts',
  projects: [{ name: 'screenshots' }],
});
