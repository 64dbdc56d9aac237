import { startTestDatabase } from '../../scripts/test.mjs';
import { buildTemplate } from './medium-template.mjs';

/** Medium tests find their server in TEST_DATABASE_URL. Run alone (without `npm test`) they get a private one. */
export default async function setup() {
  if (!process.env.TEST_DATABASE_URL) {
    globalThis.ownTestDatabase = await startTestDatabase();
    process.env.TEST_DATABASE_URL = globalThis.ownTestDatabase.url;
  }
  await buildTemplate(process.env.TEST_DATABASE_URL);
}
