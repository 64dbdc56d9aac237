import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export const STORE_TYPES = ['warehouse', 'store', 'distribution_center'] as const;
export type StoreType = (typeof STORE_TYPES)[number];

@Entity('stores')
export class Store {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'varchar' })
  code: string;

  @Column({ type: 'varchar' })
  name: string;

  @Column({ type: 'varchar' })
  type: StoreType;

  @Column({ type: 'jsonb' })
  address: object;

  @Column({ type: 'jsonb' })
  contact: object;

  @Column({ type: 'jsonb' })
  settings: object;

  /** null = the tenant's rule */
  @Column({ type: 'boolean', nullable: true })
  allowNegativeStock: boolean | null;

  @Column({ type: 'boolean' })
  isActive: boolean;

  @Column({ type: 'timestamptz', insert: false, update: false })
  createdAt: Date;

  @Column({ type: 'timestamptz', insert: false, update: false })
  updatedAt: Date;
}
