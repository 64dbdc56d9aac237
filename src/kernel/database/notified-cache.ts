import { LRUCache } from 'lru-cache';

/** A cache whose entries live until somebody says that they changed. */
export interface NotifiedCacheOptions<V> {
  /** entries at most; the least recently used leaves first */
  max: number;
  /** reads one value; undefined: there is none (remembered too) */
  load: (key: string) => Promise<V | undefined>;
  /** false while changes may go unheard: every read then goes to the source */
  trusted: () => boolean;
}

/**
 * Reads through to a source and keeps what it read until `drop` or `clear`. A value whose reading had begun before a drop is
 * handed to those who waited for it and not kept: it may be older than the change.
 */
export class NotifiedCache<V> {
  private readonly entries: LRUCache<string, { value: V | undefined }>;
  private readonly loading = new Map<string, Promise<V | undefined>>();

  constructor(private readonly options: NotifiedCacheOptions<V>) {
    this.entries = new LRUCache({ max: options.max });
  }

  /** What is known at once; undefined when the source has to be asked. */
  peek(key: string): { value: V | undefined } | undefined {
    return this.options.trusted() ? this.entries.get(key) : undefined;
  }

  async get(key: string): Promise<V | undefined> {
    const known = this.peek(key);
    return known ? known.value : (this.loading.get(key) ?? this.read(key));
  }

  drop(key: string): void {
    this.entries.delete(key);
    this.loading.delete(key);
  }

  clear(): void {
    this.entries.clear();
    this.loading.clear();
  }

  private read(key: string): Promise<V | undefined> {
    const heard = this.options.trusted();
    const reading: Promise<V | undefined> = this.options.load(key).then(
      (value) => {
        if (this.loading.get(key) === reading) {
          this.loading.delete(key);
          if (heard && this.options.trusted()) this.entries.set(key, { value });
        }
        return value;
      },
      (error: unknown) => {
        if (this.loading.get(key) === reading) this.loading.delete(key);
        throw error;
      },
    );
    this.loading.set(key, reading);
    return reading;
  }
}
