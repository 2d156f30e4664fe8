import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Whether the tests run on PostgreSQL. */
export function isOnPostgres(): boolean {
  const named = process.env.TEST_DATABASE ?? 'sqlite';
  if (named === 'postgres') return true;
  if (named === 'sqlite') return false;
  throw new Error('TEST_DATABASE wants sqlite or postgres');
}

/** A temporary PostgreSQL server. */
export class Postgres {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(): Promise<Postgres> {
    const script = resolve(import.meta.dirname, '../../.tools/postgres');
    const child = spawn(script, { stdio: ['pipe', 'pipe', 'inherit'] });
    return new Promise((started, failed) => {
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`${script} ended with ${code}`)));
      createInterface(child.stdout!).once('line', (url) => started(new Postgres(url, child)));
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.stdin!.end();
    await ended;
  }
}
