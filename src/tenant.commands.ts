import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command, CommandInput } from './kernel/runtime/commands.js';
import { UsageError } from './kernel/runtime/start-options.js';
import type { TenantOperations } from './tenancy/index.js';

/**
 * Opens the application without HTTP for one piece of work. A refusal is told as a sentence, with the code that the API would answer.
 * @param slug of the tenant that the work is about, when it must exist
 */
async function withTenants<T>(work: (tenants: TenantOperations) => Promise<T>, slug?: string): Promise<T> {
  if (!process.env.DATABASE_URL) {
    throw new UsageError('set DATABASE_URL (DATA_DIR/runtime.json of a running Fluxion has it as databaseUrl)');
  }
  const [{ NestFactory }, { AppModule }, { readConfig }, { loggerOf, openDatabase }, tenancy, errors] = await Promise.all([
    import('@nestjs/core'),
    import('./app.module.js'),
    import('./kernel/config/config.js'),
    import('./process.js'),
    import('./tenancy/index.js'),
    import('./kernel/errors/index.js'),
  ]);
  const config = readConfig({ LOG_LEVEL: 'error', ...process.env });
  const module = AppModule.of(config, await openDatabase(config));
  const app = await NestFactory.createApplicationContext(module, { logger: loggerOf(config), abortOnError: false });
  try {
    return await work(app.get(tenancy.TenantOperations));
  } catch (error) {
    if (!(error instanceof errors.ProblemError)) throw error;
    if (slug !== undefined && error.code === 'http.not_found') throw new UsageError(`no such tenant: ${slug}`);
    const fields = (error.errors ?? []).map((field) => {
      const { pointer, message } = errors.describeFieldError(field, 'en');
      return `${pointer}: ${message}`;
    });
    throw new UsageError([`${errors.problemDefinition(error.code).title.en} (${error.code})`, ...fields].join('\n  '));
  } finally {
    await app.close();
  }
}

function slugOf({ rest }: CommandInput, command: string): string {
  const [slug, ...more] = rest;
  if (slug === undefined || more.length > 0) throw new UsageError(`${command} needs one slug`);
  return slug;
}

function setStatus(name: string, status: 'active' | 'suspended', summary: string): Command {
  return {
    name,
    usage: 'SLUG',
    summary,
    takesRest: true,
    async run(input) {
      const slug = slugOf(input, name);
      await withTenants((tenants) => tenants.setStatus(slug, status), slug);
      input.print(`${slug} is ${status}`);
    },
  };
}

const list: Command = {
  name: 'tenant list',
  usage: '[--json]',
  summary: 'every tenant with status, plan and number of active users',
  options: { json: { type: 'boolean' } },
  async run({ options, print }) {
    const tenants = await withTenants((operations) => operations.list());
    if (options.json) return print(JSON.stringify(tenants, undefined, 2));
    for (const { slug, status, plan, users, id, name } of tenants) {
      print([slug.padEnd(40), status.padEnd(12), plan.padEnd(12), String(users).padStart(5), id, name].join(' '));
    }
  },
};

const create: Command = {
  name: 'tenant create',
  usage: 'SLUG --name NAME --email E-MAIL [--full-name NAME] [--password-stdin]',
  summary: 'a tenant and its administrator; without --password-stdin a password is made and printed',
  takesRest: true,
  options: {
    name: { type: 'string' },
    email: { type: 'string' },
    'full-name': { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  async run(input) {
    const { name, email, 'full-name': fullName = 'Administrador' } = input.options;
    const given = input.options['password-stdin'] ? readFileSync(0, 'utf8').replace(/\r?\n$/, '') : undefined;
    const password = given ?? randomBytes(15).toString('base64url');
    const request = { slug: slugOf(input, 'tenant create'), name, admin: { email, fullName, password } };
    const { id, slug } = await withTenants((tenants) => tenants.create(request));
    input.print(`${slug} ${id}${given !== undefined ? '' : `\npassword of ${String(email)}: ${password}`}`);
  },
};

/** `npx fluxion tenant ...` */
export const tenantCommands: readonly Command[] = [
  list,
  create,
  setStatus('tenant suspend', 'suspended', 'keeps everybody of a tenant out within a second; its data stays, its jobs wait'),
  setStatus('tenant activate', 'active', 'lets a suspended or inactive tenant in again'),
];
