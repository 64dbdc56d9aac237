/** Knows the methods of every route, to tell "no such route" from "not with this method". Only asked where nothing matched. */
export class AllowedMethods {
  private readonly routes: { pattern: RegExp; methods: Set<string> }[] = [];
  private readonly byUrl = new Map<string, Set<string>>();

  /** Notes a route as Fastify registers it. */
  add(url: string, methods: string | readonly string[]): void {
    if (url.includes('*')) return;
    let known = this.byUrl.get(url);
    if (!known) {
      known = new Set();
      this.byUrl.set(url, known);
      this.routes.push({ pattern: patternOf(url), methods: known });
    }
    for (const method of [methods].flat()) known.add(method);
  }

  /** Methods that some route has for the path, sorted; empty: no route knows the path. */
  of(path: string): string[] {
    const found = new Set<string>();
    for (const { pattern, methods } of this.routes) {
      if (pattern.test(path)) for (const method of methods) found.add(method);
    }
    return [...found].toSorted();
  }
}

function patternOf(url: string): RegExp {
  const segments = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)));
  return new RegExp(`^${segments.join('/')}$`);
}
