import { randomBytes } from 'node:crypto';

export interface Answer<T = Record<string, never>> {
  status: number;
  body: T;
  headers: Headers;
}

type Body = Record<string, unknown> | unknown[];

/** A client of the API as one person; specs read what they need from the answers. */
export class Api {
  constructor(
    readonly token: string | null,
    readonly tenant: string = '',
    readonly base: string = process.env.APP_URL ?? '',
  ) {}

  /** Waits when told that the process is overloaded: it is jest's own, which compiles specs between requests. */
  async call<T>(
    method: string,
    path: string,
    body?: Body | FormData | string,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    for (let tries = 0; ; tries++) {
      const answer = await this.send<T>(method, path, body, headers);
      if (tries === 20 || answer.status !== 503 || (answer.body as { code?: string }).code !== 'http.overloaded') return answer;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  private async send<T>(
    method: string,
    path: string,
    body: Body | FormData | string | undefined,
    headers: Record<string, string>,
  ): Promise<Answer<T>> {
    const json = body !== undefined && !(body instanceof FormData);
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(json ? { 'content-type': 'application/json' } : {}),
        'accept-language': 'en',
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: (isJson ? JSON.parse(text) : text) as T, headers: answer.headers };
  }

  get<T = Any>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.call<T>('GET', path, undefined, headers);
  }

  post<T = Any>(path: string, body: Body | FormData = {}, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.call<T>('POST', path, body, headers);
  }

  patch<T = Any>(path: string, body: Body, ifMatch: string): Promise<Answer<T>> {
    return this.call<T>('PATCH', path, body, { 'if-match': ifMatch });
  }

  delete<T = Any>(path: string, ifMatch: string): Promise<Answer<T>> {
    return this.call<T>('DELETE', path, undefined, { 'if-match': ifMatch });
  }

  /** POST that has to succeed: answers the body. */
  async create<T = Any>(path: string, body: Body): Promise<T> {
    const answer = await this.post<T>(path, body);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

/** JSON of an answer: a spec compares it with what it expects, so its shape is checked there. */
export interface Any {
  [key: string]: Any;
  [index: number]: Any;
}

export const PASSWORD = 'correct horse battery staple';

/** A new company with its administrator. */
export async function signUp(slug = `t${randomBytes(5).toString('hex')}`): Promise<Api> {
  const visitor = new Api(null);
  const email = `admin@${slug}.example`;
  await visitor.create('/v1/tenants', {
    slug,
    name: `Company ${slug}`,
    admin: { email, password: PASSWORD, fullName: 'Ana Admin' },
  });
  return logIn(slug, email);
}

export async function logIn(tenant: string, email: string, password: string = PASSWORD): Promise<Api> {
  const { accessToken } = await new Api(null).create<{ accessToken: string }>('/v1/auth/login', { email, password, tenant });
  return new Api(accessToken, tenant);
}

/** Waits until `look` answers something. */
export async function until<T>(look: () => Promise<T | undefined | false>, what: string, seconds = 45): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`);
}

/** Waits until a new company has its holidays, which come after the sign-up is answered: what changes in it later, somebody changed. */
export async function settled(api: Api): Promise<Api> {
  await until(async () => ((await api.get('/v1/calendar-days')).body.data as unknown as Any[]).length > 0, 'the first holidays');
  return api;
}
