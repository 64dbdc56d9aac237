import { PartialType } from '@nestjs/swagger';
import { Choice, Code, Email, Flag, Instant, Money, OpenData, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { TAX_ID_STATUSES, type TaxIdStatus } from '../../kernel/identifiers/tax-id.js';

export class CreateClientDto {
  /** Short code of your own, unique. */
  @Code(60, { optional: true, nullable: true, example: 'CLI-001' })
  code?: string | null;

  /** @example 'Inversiones El Ávila, C.A.' */
  @Text(200)
  name: string;

  /** RIF or other tax number, unique. A wrong check digit is told in `taxIdStatus`, not refused. */
  @Code(30, { optional: true, nullable: true, example: 'J-30105123-8' })
  taxId?: string | null;

  /** Withholds tax (contribuyente especial). */
  @Flag({ optional: true })
  isSpecialTaxpayer?: boolean;

  @Email({ optional: true, nullable: true })
  email?: string | null;

  @Text(60, { optional: true, nullable: true, example: '+58-212-2024000' })
  phone?: string | null;

  /** Postal address, in fields of your own. */
  @OpenData({ optional: true })
  address?: object;

  /** What the client may owe, in the tenant's currency; null: nothing is set. */
  @Money({ optional: true, nullable: true })
  creditLimit?: string | null;

  @Text(2000, { optional: true, nullable: true })
  notes?: string | null;
}

export class UpdateClientDto extends PartialType(CreateClientDto) {
  /** true brings a deactivated client back. */
  @Flag({ optional: true })
  isActive?: boolean;
}

export class ClientDto {
  @Uuid()
  id: string;

  @Code(60, { nullable: true, example: 'CLI-001' })
  code: string | null;

  /** @example 'Inversiones El Ávila, C.A.' */
  @Text(200)
  name: string;

  @Code(30, { nullable: true, example: 'J-30105123-8' })
  taxId: string | null;

  /** Whether the check digit of a RIF is right; unchecked: no RIF. */
  @Choice(TAX_ID_STATUSES, { enumName: 'TaxIdStatus' })
  taxIdStatus: TaxIdStatus;

  @Flag()
  isSpecialTaxpayer: boolean;

  @Email({ nullable: true })
  email: string | null;

  @Text(60, { nullable: true })
  phone: string | null;

  @OpenData()
  address: object;

  @Money({ nullable: true })
  creditLimit: string | null;

  @Text(2000, { nullable: true })
  notes: string | null;

  @Flag()
  isActive: boolean;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}

export class ClientsQuery extends PageQuery {
  /** Part of the name, code or tax number, without regard to case or accents. */
  @Text(100, { optional: true, example: 'avila' })
  q?: string;

  @Flag({ optional: true })
  isActive?: boolean;
}
