/** The form of a tenant's slug; also checked by the registry. */
export const SLUG = /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/;

export function isSlug(text: string): boolean {
  return SLUG.test(text);
}
