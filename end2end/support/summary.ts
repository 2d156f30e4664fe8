import type { FullResult, Reporter, TestCase } from '@playwright/test/reporter';

/** A last line for scripts: `end2end: passed, 80 ok, 0 failed, 0 skipped, 61 s`. */
export default class Summary implements Reporter {
  readonly #count = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };

  onTestEnd(test: TestCase) {
    this.#count[test.outcome()] += 1;
  }

  onEnd({ status, duration }: FullResult) {
    const { expected, unexpected, flaky, skipped } = this.#count;
    const seconds = Math.round(duration / 1000);
    console.log(
      `end2end: ${status}, ${expected} ok, ${unexpected + flaky} failed, ${skipped} skipped, ${seconds} s`,
    );
  }

  printsToStdio() {
    return false;
  }
}
