import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import type { CategoriesQuery, CategoryDto, CreateCategoryDto, UpdateCategoryDto } from './categories.dto.js';
import { CategoriesRepository } from './categories.repository.js';
import type { Category } from './category.entity.js';

const LIST = 'listCategories';

@Injectable()
export class CategoriesService {
  constructor(
    private readonly categories: CategoriesRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async list({ limit, cursor, ...filter }: CategoriesQuery): Promise<Page<CategoryDto>> {
    const [afterCode] = this.cursors.after(LIST, cursor) ?? [];
    const rows = await this.categories.list({ ...filter, afterCode: afterCode as string | undefined, limit: limit + 1 });
    const { data, nextCursor } = this.cursors.page(LIST, rows, limit, (last) => [last.code]);
    return { data: await this.withPaths(data), nextCursor };
  }

  async get(id: string): Promise<CategoryDto> {
    return this.withPath(await this.categories.get(id));
  }

  async create(values: CreateCategoryDto): Promise<CategoryDto> {
    return this.withPath(await this.categories.create(values));
  }

  /** A move below one of its own descendants is refused by the database, also when two moves meet. */
  async update(id: string, ifMatch: string, changes: UpdateCategoryDto): Promise<CategoryDto> {
    const updated = await this.categories.update(id, ifMatch, async (current) => {
      if (current.isActive && changes.isActive === false) await this.assertUnused(id);
      return changes;
    });
    return this.withPath(updated);
  }

  /** Deactivates. Refused while active products or categories hang on it: they would have no visible place in the tree. */
  async deactivate(id: string, ifMatch: string): Promise<void> {
    await this.update(id, ifMatch, { isActive: false });
  }

  private async assertUnused(id: string): Promise<void> {
    if (await this.categories.isInUse(id)) throw new ProblemError('catalog.category_in_use');
  }

  private async withPath(category: Category): Promise<CategoryDto> {
    const [answer] = await this.withPaths([category]);
    return answer as CategoryDto;
  }

  private async withPaths(rows: Category[]): Promise<CategoryDto[]> {
    const paths = await this.categories.paths(rows.map(({ id }) => id));
    return rows.map((row) => Object.assign(row, { path: paths.get(row.id) ?? [] }));
  }
}
