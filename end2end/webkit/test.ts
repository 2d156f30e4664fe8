import { test as base } from '@playwright/test';

import { Server } from '../support/server.ts';
import { WebDriver } from '../support/webdriver.ts';
import { Visitor } from './visitor.ts';

interface Fixtures {
  /** A client of this test alone, not logged in. */
  visitor: Visitor;
  /** The same without JavaScript. */
  plain: Visitor;
}

export const test = base.extend<Fixtures, { driver: WebDriver; server: Server }>({
  driver: [
    async ({}, use) => {
      const driver = await WebDriver.start();
      await use(driver);
      await driver.stop();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  visitor: async ({ driver, server }, use) => {
    const session = await driver.open();
    await session.resize(1280, 800);
    await use(new Visitor(session, server.url, server.addClient('Ada Byron')));
    await session.close();
  },

  plain: async ({ driver, server }, use) => {
    const session = await driver.open('--enable-javascript=false');
    await use(new Visitor(session, server.url, server.addClient('Ada Byron'), false));
    await session.close();
  },
});

export { expect } from '@playwright/test';
