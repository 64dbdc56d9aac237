import { logIn, PASSWORD, type Any, type Api } from '../../support/api.js';

let hired = 0;

/** A person of the administrator's company, logged in. */
export async function hire(admin: Api, role: 'manager' | 'user' | 'viewer', storeIds: Any[] | null = null): Promise<Api> {
  const email = `${role}${++hired}@${admin.tenant}.example`;
  await admin.create('/v1/users', { email, password: PASSWORD, fullName: 'Una Persona', role, storeIds });
  return logIn(admin.tenant, email);
}

/** ETag of a resource as it is now. */
export async function etagAt(api: Api, path: string): Promise<string> {
  return (await api.get(path)).headers.get('etag') ?? '';
}
