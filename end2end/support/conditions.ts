import type { Page } from '@playwright/test';

interface Condition {
  /** Factor by which the CPU is slowed down. */
  cpu: number;
  /** Added to each request, in milliseconds. */
  latency: number;
  /** -1: unlimited. */
  bytesPerSecond: number;
}

/** Computers and networks; `slow` is a cheap phone on a mobile network. */
export const CONDITIONS: Record<string, Condition> = {
  unthrottled: { cpu: 1, latency: 0, bytesPerSecond: -1 },
  slow: { cpu: 4, latency: 150, bytesPerSecond: 1_600_000 / 8 },
};

/** Puts the page under this condition. */
export async function emulate(page: Page, { cpu, latency, bytesPerSecond }: Condition) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpu });
}
