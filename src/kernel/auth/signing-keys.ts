import { hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';

/** One symmetric key; `secret` has 32 bytes or more. */
export interface SigningKey {
  readonly kid: string;
  readonly secret: Buffer;
}

const MIN_BYTES = 32;

function parseKeys(text: string, source: string): SigningKey[] {
  const wrong = (what: string): ConfigError => new ConfigError('wrong key file', [`${source}: ${what}`]);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw wrong('is not JSON');
  }
  const entries = (document as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(entries) || entries.length === 0) throw wrong('has no "keys"');
  const keys = entries.map((entry: unknown, index) => {
    const { kid, k } = (entry ?? {}) as { kid?: unknown; k?: unknown };
    if (typeof kid !== 'string' || kid === '' || typeof k !== 'string') throw wrong(`key ${index + 1} needs "kid" and "k"`);
    const secret = Buffer.from(k, 'base64url');
    if (secret.length < MIN_BYTES) throw wrong(`key ${index + 1} is shorter than ${MIN_BYTES} bytes`);
    return { kid, secret };
  });
  if (new Set(keys.map((key) => key.kid)).size !== keys.length) throw wrong('has a "kid" twice');
  return keys;
}

/** Makes the file of a first start. Processes that start at once agree on one: link() lets exactly one win. */
function generateKeys(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const key = { kid: randomBytes(6).toString('hex'), k: randomBytes(MIN_BYTES).toString('base64url') };
  writeFileSync(draft, `${JSON.stringify({ keys: [key] })}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Reads a key file; without one named, the file below DATA_DIR, generated at the first start (production refuses that). */
export function loadKeys(named: string | undefined, dataDir: string, name: string): SigningKey[] {
  if (named !== undefined) return parseKeys(readFileSync(named, 'utf8'), named);
  const file = path.join(dataDir, 'keys', name);
  try {
    return parseKeys(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  generateKeys(file);
  return parseKeys(readFileSync(file, 'utf8'), file);
}

/** The keys of JWT_KEYS_FILE: the first signs, all verify, so that keys rotate without logging anybody out. */
@Injectable()
export class SigningKeys {
  private readonly keys: readonly SigningKey[];

  constructor(config: Config) {
    this.keys = loadKeys(config.JWT_KEYS_FILE, config.DATA_DIR, 'jwt.json');
  }

  /** The key that signs. */
  current(): SigningKey {
    return this.keys[0] as SigningKey;
  }

  /** The key that a token names, or undefined when it was retired or never ours. */
  byId(kid: string): SigningKey | undefined {
    return this.keys.find((key) => key.kid === kid);
  }

  /** Keys for another purpose, made from each signing key in turn, so that no key ever signs two kinds of thing. */
  derive(purpose: string): Buffer[] {
    return this.keys.map(({ secret }) => Buffer.from(hkdfSync('sha256', secret, 'fluxion', purpose, MIN_BYTES)));
  }
}
