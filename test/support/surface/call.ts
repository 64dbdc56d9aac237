import type { Any } from '../api.js';

/** One request, complete but for who sends it. */
export interface Call {
  method: string;
  path: string;
  body?: unknown;
  headers: Record<string, string>;
  /** sent by this credential where the owner's would not do (a session that ends, a password that changes) */
  token?: string;
  isStream?: boolean;
}

export interface Reply {
  status: number;
  text: string;
  body: Any;
  headers: Headers;
}

/** A stream stays open: what it sends at once is what it has to say of the past. */
const STREAM_MS = 300;

async function readStream(response: Response, abort: AbortController): Promise<string> {
  const timer = setTimeout(() => abort.abort(), STREAM_MS);
  let text = '';
  try {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk as Uint8Array).toString();
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  return text;
}

/**
 * Sends `call` with `token` (null = without any). A body that is neither text nor a form goes as JSON. Waits when told that the
 * process is overloaded: it is jest's own, which compiles specs between requests.
 */
export async function send(call: Call, token: string | null, headers: Record<string, string> = {}): Promise<Reply> {
  for (let tries = 0; ; tries++) {
    const reply = await sendOnce(call, token, headers);
    if (tries === 20 || reply.body.code !== ('http.overloaded' as unknown)) return reply;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function sendOnce(call: Call, token: string | null, headers: Record<string, string>): Promise<Reply> {
  const { body } = call;
  const asIs = body === undefined || typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;
  const abort = new AbortController();
  const response = await fetch(`${process.env.APP_URL}${call.path}`, {
    method: call.method,
    signal: abort.signal,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      'accept-language': 'en',
      ...call.headers,
      ...headers,
    },
    ...(body === undefined ? {} : { body: asIs ? (body as BodyInit) : JSON.stringify(body) }),
  });
  const streams = call.isStream === true && response.status === 200;
  const text = streams ? await readStream(response, abort) : await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, text, body: (isJson && text ? JSON.parse(text) : {}) as Any, headers: response.headers };
}
