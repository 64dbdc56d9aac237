import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { containing, RecordRepository } from '../../kernel/database/record.repository.js';
import { Category } from './category.entity.js';

export interface CategoryFilter {
  q?: string;
  parentId?: string;
  isActive?: boolean;
  afterCode?: string;
  limit: number;
}

/** One category on the way from the root. */
export interface CategoryStep {
  id: string;
  code: string;
  name: string;
}

@Injectable()
export class CategoriesRepository extends RecordRepository<Category> {
  constructor(unit: UnitOfWork) {
    super(unit, Category);
  }

  /** Categories by code. */
  list({ q, parentId, isActive, afterCode, limit }: CategoryFilter): Promise<Category[]> {
    const query = this.rows.createQueryBuilder('category').orderBy('category.code').limit(limit);
    if (q) {
      query.andWhere(
        `ext.immutable_unaccent(lower(category.code || ' ' || category.name)) LIKE ext.immutable_unaccent(lower(:q))`,
        { q: containing(q) },
      );
    }
    if (parentId) query.andWhere('category.parentId = :parentId', { parentId });
    if (isActive !== undefined) query.andWhere('category.isActive = :isActive', { isActive });
    if (afterCode !== undefined) query.andWhere('category.code > :afterCode', { afterCode });
    return query.getMany();
  }

  /** The way from the root to each of the categories, itself included. */
  async paths(ids: string[]): Promise<Map<string, CategoryStep[]>> {
    if (ids.length === 0) return new Map();
    const rows = await this.unit.query<{ leaf: string; path: CategoryStep[] }>(
      `WITH RECURSIVE up AS (
         SELECT id AS leaf, id, parent_id, code, name, 0 AS height FROM categories WHERE id = ANY ($1::uuid[])
         UNION ALL
         SELECT up.leaf, c.id, c.parent_id, c.code, c.name, up.height + 1 FROM up JOIN categories c ON c.id = up.parent_id)
       SELECT leaf, jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name) ORDER BY height DESC) AS path
         FROM up GROUP BY leaf`,
      [ids],
      'category_paths',
    );
    return new Map(rows.map(({ leaf, path }) => [leaf, path]));
  }

  /** Whether active products or active categories hang on it. */
  async isInUse(id: string): Promise<boolean> {
    const [row] = await this.unit.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM products WHERE category_id = $1 AND is_active)
           OR EXISTS (SELECT FROM categories WHERE parent_id = $1 AND is_active) AS used`,
      [id],
    );
    return row?.used === true;
  }
}
