import { rmSync } from 'node:fs';

export default async function teardown() {
  const { api, worker, dataDir } = globalThis.e2e ?? {};
  await worker?.stop(10_000);
  await api?.close();
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
  await globalThis.ownTestDatabase?.stop({ remove: true });
}
