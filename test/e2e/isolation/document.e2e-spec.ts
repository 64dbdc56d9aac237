import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DOCUMENT_FILE, readOperations } from '../../support/surface/document.js';

const run = promisify(execFile);

interface Served {
  paths: Record<string, Record<string, { operationId: string }>>;
}

describe('docs/openapi.json', () => {
  it('should be what the code says', async () => {
    // prints the command that makes it new, and ends with 1, when it is not
    const check = run(process.execPath, ['dist/cli.js', 'openapi', '--check', DOCUMENT_FILE], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    await expect(check).resolves.toMatchObject({ stderr: '' });
  });

  it('should have every operation that the server documents', async () => {
    const served = (await (await fetch(`${process.env.APP_URL}/docs-json`)).json()) as Served;
    const ids = Object.values(served.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(
      readOperations()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(ids.toSorted());
  });
});
