import { ProblemError } from '../errors/problem-error.js';

/** What may go on at a time in this process: so much of one tenant, and so much in all. */
export class TenantPlaces {
  private readonly taken = new Map<string, number>();
  private total = 0;

  constructor(
    private readonly perTenant: number,
    private readonly inAll: number = Infinity,
  ) {}

  /**
   * Takes one of the tenant's places. @returns gives it back
   * @throws ProblemError http.overloaded when none is left
   */
  take(tenant: string): () => void {
    const own = this.taken.get(tenant) ?? 0;
    if (own >= this.perTenant || this.total >= this.inAll) throw new ProblemError('http.overloaded');
    this.taken.set(tenant, own + 1);
    this.total++;
    return () => {
      const left = (this.taken.get(tenant) ?? 1) - 1;
      if (left > 0) this.taken.set(tenant, left);
      else this.taken.delete(tenant);
      this.total--;
    };
  }
}
