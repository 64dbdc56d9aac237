import { PartialType } from '@nestjs/swagger';
import { Choice, Code, Count, Email, Flag, Instant, Money, OpenData, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { TAX_ID_STATUSES, type TaxIdStatus } from '../../kernel/identifiers/tax-id.js';

export class CreateSupplierDto {
  /**
   * Short code of your own, unique.
   * @example 'ALFONZO'
   */
  @Code(60)
  code: string;

  /** @example 'Alfonzo Rivas & Cía.' */
  @Text(200)
  businessName: string;

  /** @example 'Alfonzo Rivas' */
  @Text(200, { optional: true, nullable: true })
  tradeName?: string | null;

  /**
   * RIF or foreign tax id. A RIF is written as J-30105123-8; a wrong check digit is told in taxIdStatus, not refused.
   * @example 'J-30105123-8'
   */
  @Text(30, { optional: true, nullable: true })
  taxId?: string | null;

  /** @example 'Ana Jiménez' */
  @Text(200, { optional: true, nullable: true })
  contactPerson?: string | null;

  /** @example '+58-212-2024000' */
  @Text(60, { optional: true, nullable: true })
  phone?: string | null;

  /** @example 'ventas@proveedor.example' */
  @Email({ optional: true, nullable: true })
  email?: string | null;

  /** Postal address, in fields of your own. */
  @OpenData({ optional: true })
  address?: object;

  /** @example '30 días' */
  @Text(200, { optional: true, nullable: true })
  paymentTerms?: string | null;

  @Money({ optional: true, nullable: true, example: '5000.0000' })
  creditLimit?: string | null;

  /** Least amount of one order, without tax; null: none. */
  @Money({ optional: true, nullable: true, example: '150.0000' })
  minOrderAmount?: string | null;

  /** Days from order to delivery, for products that have no lead time of their own. */
  @Count(0, 730, { optional: true, example: 7 })
  leadTimeDays?: number;

  /** Settings of your own for this supplier. */
  @OpenData({ optional: true })
  settings?: object;
}

export class UpdateSupplierDto extends PartialType(CreateSupplierDto) {
  /** true brings a deactivated supplier back. */
  @Flag({ optional: true })
  isActive?: boolean;
}

export class SupplierDto {
  @Uuid()
  id: string;

  /** @example 'POLAR' */
  @Code(60)
  code: string;

  /** @example 'Empresas Polar, S.A.' */
  @Text(200)
  businessName: string;

  @Text(200, { nullable: true })
  tradeName: string | null;

  /** @example 'J-30105123-8' */
  @Text(30, { nullable: true })
  taxId: string | null;

  /** valid: a RIF whose check digit is right; invalid: it is wrong; unchecked: no RIF, or none given. */
  @Choice(TAX_ID_STATUSES, { enumName: 'TaxIdStatus' })
  taxIdStatus: TaxIdStatus;

  @Text(200, { nullable: true })
  contactPerson: string | null;

  @Text(60, { nullable: true })
  phone: string | null;

  @Email({ nullable: true })
  email: string | null;

  @OpenData()
  address: object;

  @Text(200, { nullable: true })
  paymentTerms: string | null;

  @Money({ nullable: true })
  creditLimit: string | null;

  /** Least amount of one order, without tax; null: none. */
  @Money({ nullable: true })
  minOrderAmount: string | null;

  @Count(0, 730)
  leadTimeDays: number;

  @OpenData()
  settings: object;

  @Flag()
  isActive: boolean;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}

export class SuppliersQuery extends PageQuery {
  /** Part of the code, a name or the tax id, without regard to case or accents. */
  @Text(100, { optional: true, example: 'polar' })
  q?: string;

  @Choice(TAX_ID_STATUSES, { optional: true, enumName: 'TaxIdStatus' })
  taxIdStatus?: TaxIdStatus;

  /** Only active or only deactivated suppliers. */
  @Flag({ optional: true })
  isActive?: boolean;
}
