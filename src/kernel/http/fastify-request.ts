import type { PermissionName } from '../auth/permissions.js';
import type { ExecutionScope } from '../database/tenant-context.js';

/** What our decorators tell Fastify about a route; hooks read it without asking Nest. */
export interface RouteAccess {
  /** no authentication */
  public?: boolean;
  /** what the caller needs; '*' = any authenticated caller */
  permission?: PermissionName | '*';
  /** the answer is one versioned resource */
  etag?: boolean;
  /** stays open for long (server-sent events): not counted as load */
  streaming?: boolean;
  /** its body may come slowly, over a thin line */
  upload?: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** set by the first hook; null only in answers to a malformed request line */
    scope: ExecutionScope | null;
    /** hash of a multipart body, once it was read; see multipart.ts */
    multipartDigest: string | null;
    /** whether the caller would be admitted again now, for answers that stay open; undefined when it cannot be told */
    isStillAdmitted(): Promise<boolean | undefined>;
  }

  interface FastifyContextConfig extends RouteAccess {
    /** operation id, for logs and metrics */
    operation?: string;
  }
}
