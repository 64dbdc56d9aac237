import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { BarcodeStatus } from '../../kernel/identifiers/barcode.js';

export const UNIT_TYPES = ['unit', 'kg', 'liter', 'meter', 'box', 'case'] as const;
export type UnitType = (typeof UNIT_TYPES)[number];

@Entity('products')
export class Product {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'varchar' })
  sku: string;

  /** the main label; product_barcodes holds it too, with all further ones */
  @Column({ type: 'varchar', nullable: true })
  barcode: string | null;

  @Column({ type: 'varchar' })
  barcodeStatus: BarcodeStatus;

  @Column({ type: 'varchar' })
  name: string;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ type: 'uuid', nullable: true })
  categoryId: string | null;

  @Column({ type: 'uuid', nullable: true })
  supplierId: string | null;

  @Column({ type: 'varchar' })
  unitType: UnitType;

  @Column({ type: 'numeric' })
  minStockLevel: string;

  @Column({ type: 'numeric', nullable: true })
  maxStockLevel: string | null;

  @Column({ type: 'numeric' })
  reorderPoint: string;

  @Column({ type: 'integer', nullable: true })
  leadTimeDays: number | null;

  @Column({ type: 'numeric' })
  costPrice: string;

  @Column({ type: 'numeric' })
  sellingPrice: string;

  @Column({ type: 'uuid' })
  taxCategoryId: string;

  /** percent in force today; the database keeps it */
  @Column({ type: 'numeric', insert: false, update: false })
  taxRate: string;

  @Column({ type: 'boolean', nullable: true })
  allowNegativeStock: boolean | null;

  @Column({ type: 'jsonb' })
  settings: object;

  @Column({ type: 'boolean' })
  isActive: boolean;

  @Column({ type: 'timestamptz', insert: false, update: false })
  createdAt: Date;

  @Column({ type: 'timestamptz', insert: false, update: false })
  updatedAt: Date;
}
