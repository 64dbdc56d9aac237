import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { TaxIdStatus } from '../../kernel/identifiers/tax-id.js';

@Entity('clients')
export class Client {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'varchar', nullable: true })
  code: string | null;

  @Column({ type: 'varchar' })
  name: string;

  @Column({ type: 'varchar', nullable: true })
  taxId: string | null;

  @Column({ type: 'varchar' })
  taxIdStatus: TaxIdStatus;

  @Column({ type: 'boolean' })
  isSpecialTaxpayer: boolean;

  @Column({ type: 'citext', nullable: true })
  email: string | null;

  @Column({ type: 'varchar', nullable: true })
  phone: string | null;

  @Column({ type: 'jsonb' })
  address: object;

  @Column({ type: 'numeric', nullable: true })
  creditLimit: string | null;

  @Column({ type: 'text', nullable: true })
  notes: string | null;

  @Column({ type: 'boolean' })
  isActive: boolean;

  @Column({ type: 'timestamptz', insert: false, update: false })
  createdAt: Date;

  @Column({ type: 'timestamptz', insert: false, update: false })
  updatedAt: Date;
}
