import { PartialType } from '@nestjs/swagger';
import { Code, Flag, Instant, ListOf, OpenData, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

export class CreateCategoryDto {
  /**
   * Short code of your own, unique.
   * @example 'BEBIDAS-FRIAS'
   */
  @Code(60)
  code: string;

  /** @example 'Bebidas frías' */
  @Text(200)
  name: string;

  /** The category above; null or absent: a root of the tree. */
  @Uuid({ optional: true, nullable: true, example: null })
  parentId?: string | null;

  /** @example 'Refrescos, jugos y aguas' */
  @Text(2000, { optional: true, nullable: true })
  description?: string | null;

  /** Settings of your own for this category. */
  @OpenData({ optional: true })
  settings?: object;
}

export class UpdateCategoryDto extends PartialType(CreateCategoryDto) {
  /** true brings a deactivated category back. */
  @Flag({ optional: true })
  isActive?: boolean;
}

export class CategoryStepDto {
  @Uuid()
  id: string;

  /** @example 'BEBIDAS' */
  @Code(60)
  code: string;

  /** @example 'Bebidas' */
  @Text(200)
  name: string;
}

export class CategoryDto {
  @Uuid()
  id: string;

  /** null: a root of the tree. */
  @Uuid({ nullable: true })
  parentId: string | null;

  /** @example 'BEBIDAS-FRIAS' */
  @Code(60)
  code: string;

  /** @example 'Bebidas frías' */
  @Text(200)
  name: string;

  @Text(2000, { nullable: true })
  description: string | null;

  @OpenData()
  settings: object;

  /** From the root of the tree down to the category itself. */
  @ListOf(CategoryStepDto, 100)
  path: CategoryStepDto[];

  @Flag()
  isActive: boolean;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}

export class CategoriesQuery extends PageQuery {
  /** Part of the code or name, without regard to case or accents. */
  @Text(100, { optional: true, example: 'lacteos' })
  q?: string;

  /** Only the categories directly below this one. */
  @Uuid({ optional: true })
  parentId?: string;

  /** Only active or only deactivated categories. */
  @Flag({ optional: true })
  isActive?: boolean;
}
