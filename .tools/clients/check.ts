// Calls the API with the client that openapi-generator made.
import assert from 'node:assert/strict';
import { AccountApi, Configuration, DescriptionApi, ResponseError } from './client/index';

const basePath = process.argv[2];
const api = (accessToken: string) => new AccountApi(new Configuration({ basePath, accessToken }));

async function main(): Promise<void> {
    const mine = api(process.env.OPENTILL_TOKEN ?? '');
    const { data } = await mine.me();
    assert.equal(data.email, 'schemathesis@example.com');
    assert.ok(data.createdAt instanceof Date);
    assert.equal(await mine.headMe(), undefined);
    assert.equal((await mine.token()).data.name, 'Schemathesis');
    assert.ok(await new DescriptionApi(new Configuration({ basePath })).openapi());
    await assert.rejects(
        api('ot_live_wrong').me(),
        (error: unknown) => error instanceof ResponseError && error.response.status === 401,
    );
}

void main();
