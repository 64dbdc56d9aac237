import { HTTP_PROBLEMS } from './problems/http-problems.js';
import type { Bilingual, ProblemDefinition } from './problems/problem-definition.js';
import { RETAIL_PROBLEMS } from './problems/retail-problems.js';
import { TENANCY_PROBLEMS } from './problems/tenancy-problems.js';

export type { Bilingual, ProblemDefinition } from './problems/problem-definition.js';

/** The closed list of problem codes. A code that a client may see stands here and nowhere else. */
export const PROBLEMS = { ...HTTP_PROBLEMS, ...TENANCY_PROBLEMS, ...RETAIL_PROBLEMS } as const;

export type ProblemCode = keyof typeof PROBLEMS;

export function problemDefinition(code: ProblemCode): ProblemDefinition {
  return PROBLEMS[code];
}

/** Replaces `{name}` from `params`; an unknown name stays as it is, so that a forgotten one is seen. */
export function fillTemplate(text: string, params: Readonly<Record<string, unknown>> = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
  });
}

export function inLanguage(text: Bilingual, locale: 'es' | 'en', params?: Readonly<Record<string, unknown>>): string {
  return fillTemplate(text[locale], params);
}
