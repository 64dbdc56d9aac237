import { PartialType } from '@nestjs/swagger';
import { Choice, Code, Flag, Instant, OpenData, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { STORE_TYPES, type StoreType } from './store.entity.js';

export class CreateStoreDto {
  /**
   * Short code of your own, unique.
   * @example 'CCS-02'
   */
  @Code(40)
  code: string;

  /** @example 'Tienda Chacao' */
  @Text(200)
  name: string;

  /** What the place is for. */
  @Choice(STORE_TYPES, { optional: true, enumName: 'StoreType' })
  type?: StoreType;

  /**
   * Postal address, in fields of your own.
   * @example { "street": "Av. Francisco de Miranda", "city": "Caracas", "state": "Miranda" }
   */
  @OpenData({ optional: true })
  address?: object;

  /**
   * Phone, e-mail, manager.
   * @example { "phone": "+58-212-2024000", "manager": "Ana Jiménez" }
   */
  @OpenData({ optional: true })
  contact?: object;

  /** Settings of your own for this store. */
  @OpenData({ optional: true })
  settings?: object;

  /** Whether stock may fall below zero here; null: the tenant's setting decides. */
  @Flag({ optional: true, nullable: true })
  allowNegativeStock?: boolean | null;
}

export class UpdateStoreDto extends PartialType(CreateStoreDto) {
  /** true brings a deactivated store back. */
  @Flag({ optional: true })
  isActive?: boolean;
}

export class StoreDto {
  @Uuid()
  id: string;

  /** @example 'CCS-01' */
  @Code(40)
  code: string;

  /** @example 'Tienda Centro' */
  @Text(200)
  name: string;

  @Choice(STORE_TYPES, { enumName: 'StoreType' })
  type: StoreType;

  @OpenData()
  address: object;

  @OpenData()
  contact: object;

  @OpenData()
  settings: object;

  /** null: the tenant's setting decides. */
  @Flag({ nullable: true })
  allowNegativeStock: boolean | null;

  @Flag()
  isActive: boolean;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}

export class StoresQuery extends PageQuery {
  /** Part of the code or name, without regard to case or accents. */
  @Text(100, { optional: true, example: 'centro' })
  q?: string;

  @Choice(STORE_TYPES, { optional: true, enumName: 'StoreType' })
  type?: StoreType;

  /** Only active or only deactivated stores. */
  @Flag({ optional: true })
  isActive?: boolean;
}
