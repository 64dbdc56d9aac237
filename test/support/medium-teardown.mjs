export default async function teardown() {
  await globalThis.ownTestDatabase?.stop({ remove: true });
}
