import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { TaxIdStatus } from '../../kernel/identifiers/tax-id.js';

@Entity('suppliers')
export class Supplier {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'varchar' })
  code: string;

  @Column({ type: 'varchar' })
  businessName: string;

  @Column({ type: 'varchar', nullable: true })
  tradeName: string | null;

  @Column({ type: 'varchar', nullable: true })
  taxId: string | null;

  @Column({ type: 'varchar' })
  taxIdStatus: TaxIdStatus;

  @Column({ type: 'varchar', nullable: true })
  contactPerson: string | null;

  @Column({ type: 'varchar', nullable: true })
  phone: string | null;

  @Column({ type: 'citext', nullable: true })
  email: string | null;

  @Column({ type: 'jsonb' })
  address: object;

  @Column({ type: 'varchar', nullable: true })
  paymentTerms: string | null;

  @Column({ type: 'numeric', nullable: true })
  creditLimit: string | null;

  @Column({ type: 'numeric', nullable: true })
  minOrderAmount: string | null;

  @Column({ type: 'integer' })
  leadTimeDays: number;

  @Column({ type: 'jsonb' })
  settings: object;

  @Column({ type: 'boolean' })
  isActive: boolean;

  @Column({ type: 'timestamptz', insert: false, update: false })
  createdAt: Date;

  @Column({ type: 'timestamptz', insert: false, update: false })
  updatedAt: Date;
}
