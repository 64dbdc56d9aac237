import { setTimeout as delay } from 'node:timers/promises';
import type { DemoLogin } from './runtime-file.js';

/** What the API answered. */
export interface ApiAnswer<Body> {
  status: number;
  ok: boolean;
  body: Body;
}

/** An answer that is not what the caller can go on with. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    what: string,
    problem: { title?: string; detail?: string; code?: string },
  ) {
    super(`${what}: ${status} ${problem.code ?? ''} ${problem.detail ?? problem.title ?? ''}`.trim());
  }
}

/** A tenant's administrator at the API: signs up, logs in, logs in again when the token ends, waits when told to. */
export class ApiSession {
  private token = '';

  constructor(
    readonly api: string,
    readonly login: DemoLogin,
    private readonly signal: AbortSignal,
  ) {}

  /** Makes the tenant if there is none of that slug, and logs in. @returns whether it was made now */
  async open(name: string): Promise<boolean> {
    const { tenant: slug, email, password } = this.login;
    const admin = { email, password, fullName: 'Administrador' };
    const answer = await this.send<{ title?: string }>('POST', '/v1/tenants', { slug, name, admin });
    if (!answer.ok && answer.status !== 409) throw new ApiError(answer.status, `sign-up of ${slug}`, answer.body);
    await this.logIn();
    return answer.ok;
  }

  /**
   * One request with the administrator's token. `body` is sent as JSON, a FormData as multipart.
   * @throws ApiError unless the answer is 2xx
   */
  async request<Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Body> {
    let answer = await this.send<Body & { title?: string }>(method, path, body, headers);
    if (answer.status === 401) {
      await this.logIn();
      answer = await this.send(method, path, body, headers);
    }
    if (!answer.ok) throw new ApiError(answer.status, `${method} ${path}`, answer.body);
    return answer.body;
  }

  private async logIn(): Promise<void> {
    this.token = '';
    const { tenant, email, password } = this.login;
    const answer = await this.send<{ accessToken?: string; title?: string }>('POST', '/v1/auth/login', {
      tenant,
      email,
      password,
    });
    if (!answer.body.accessToken) throw new ApiError(answer.status, `login of ${email} in ${tenant}`, answer.body);
    this.token = answer.body.accessToken;
  }

  private async send<Body>(
    method: string,
    path: string,
    content?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<Body>> {
    const json = content !== undefined && !(content instanceof FormData);
    for (;;) {
      const answer = await fetch(this.api + path, {
        method,
        headers: {
          ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
          ...(json ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        signal: this.signal,
        ...(content === undefined ? {} : { body: json ? JSON.stringify(content) : content }),
      });
      const text = await answer.text();
      if (answer.status !== 429 && answer.status !== 503) {
        const body: Body = text === '' ? {} : JSON.parse(text);
        return { status: answer.status, ok: answer.ok, body };
      }
      const seconds = Number(answer.headers.get('retry-after')) || 1;
      await delay(seconds * 1000, undefined, { signal: this.signal });
    }
  }
}
