import { currentScope } from '../../kernel/database/tenant-context.js';
import { ProblemError } from '../../kernel/errors/index.js';
import { isWeakPassword } from '../auth/password-rules.js';

/** @throws ProblemError users.weak_password that blames `pointer` */
export function assertStrong(password: string, pointer: string, known: { email?: string; name?: string; slug?: string }): void {
  const slug = known.slug ?? currentScope()?.tenant?.slug;
  if (isWeakPassword(password, { ...known, ...(slug ? { slug } : {}) })) {
    throw new ProblemError('users.weak_password', { errors: [{ pointer, code: 'field.not_allowed' }] });
  }
}
