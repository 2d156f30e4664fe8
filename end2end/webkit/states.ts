import type { Visitor } from './visitor.ts';

/** The states with different layouts, and how WebKit gets there. */
export const STATES: Record<string, (visitor: Visitor) => Promise<unknown>> = {
  login: (visitor) => visitor.open('/login'),
  'login failed': async (visitor) => {
    await visitor.open('/login');
    await visitor.fill('Email', visitor.client.email);
    await visitor.fill('Password', 'not the password');
    await visitor.press('Enter');
    await visitor.hears('The email or password is not right.');
    await visitor.ready();
  },
  dashboard: async (visitor) => {
    await visitor.signIn();
    await visitor.open('/');
  },
  'account menu': async (visitor) => {
    await STATES.dashboard(visitor);
    await visitor.click(`Account menu, ${visitor.client.name}`);
  },
  'profile with tokens': openWithTokens,
  'reveal dialog': async (visitor) => {
    await openWithTokens(visitor);
    await visitor.create('Billing Dashboard');
    await visitor.dialogOpens();
  },
  'question before closing': async (visitor) => {
    await STATES['reveal dialog'](visitor);
    await visitor.click('Done');
    await visitor.isOn('Copy and close');
  },
  'revoke dialog': async (visitor) => {
    await openWithTokens(visitor);
    await visitor.click('Revoke My Integration');
    await visitor.dialogOpens();
  },
  'token page': async (visitor) => {
    await openWithTokens(visitor);
    await visitor.click('My Integration');
    await visitor.until('it is the page of a token', () => /^\/profile\/tokens\/\d+$/.test(location.pathname));
    await visitor.ready();
  },
  activity: async (visitor) => {
    await visitor.signIn();
    await visitor.open('/activity');
  },
  'API docs': (visitor) => visitor.open('/docs/api'),
  'page not found': (visitor) => visitor.open('/nowhere'),
};

async function openWithTokens(visitor: Visitor): Promise<void> {
  await visitor.signIn();
  await visitor.createUnseen('My Integration', 'A name as long as names get '.repeat(4).slice(0, 100).trim());
  await visitor.open('/profile');
}
