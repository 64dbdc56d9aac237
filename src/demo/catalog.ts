import { completeEan13 } from '../kernel/identifiers/ean13.js';
import { completeRif } from '../kernel/identifiers/rif.js';

/** A place of the demo chain. `factor` scales demand; 0: it only stores. */
export interface DemoStore {
  readonly code: string;
  readonly name: string;
  readonly type: 'store' | 'distribution_center';
  readonly factor: number;
}

export interface DemoSupplier {
  readonly code: string;
  readonly name: string;
  readonly taxId: string;
  readonly leadTimeDays: number;
}

export type WeekProfile = 'staple' | 'fresh' | 'weekend';

export interface DemoProduct {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly supplier: string;
  readonly unit: 'unit' | 'kg';
  readonly barcode: string;
  /** USD */
  readonly cost: number;
  /** USD, without tax */
  readonly price: number;
  readonly tax: 'exempt' | 'general';
  /** mean units a day in an average store (for kg: portions of about half a kilo) */
  readonly mean: number;
  readonly week: WeekProfile;
  /** how much December adds at its peak: 1 doubles */
  readonly december: number;
}

/** Five shops and the distribution centre that supplies them. */
export const STORES: readonly DemoStore[] = [
  { code: 'CCS01', name: 'Caracas - Chacao', type: 'store', factor: 1.4 },
  { code: 'VLN01', name: 'Valencia - San Diego', type: 'store', factor: 1.1 },
  { code: 'MCB01', name: 'Maracaibo - Bella Vista', type: 'store', factor: 1 },
  { code: 'BRM01', name: 'Barquisimeto - Este', type: 'store', factor: 0.85 },
  { code: 'MRD01', name: 'Mérida - Las Américas', type: 'store', factor: 0.65 },
  { code: 'CD01', name: 'Centro de Distribución Valencia', type: 'distribution_center', factor: 0 },
];

const supplier = (code: string, name: string, digits: string, leadTimeDays: number): DemoSupplier => ({
  code,
  name,
  taxId: completeRif('J', digits),
  leadTimeDays,
});

/** POLAR is the documents' supplier, its RIF with the right check digit; the others are invented. */
export const SUPPLIERS: readonly DemoSupplier[] = [
  supplier('POLAR', 'Empresas Polar, S.A.', '30105123', 4),
  supplier('ANDLAC', 'Lácteos del Páramo, C.A.', '29871034', 3),
  supplier('LLANO', 'Frigorífico Los Llanos, C.A.', '31240987', 3),
  supplier('MOLCEN', 'Molinos del Centro, S.A.', '00154782', 6),
  supplier('CAFAND', 'Tostadora Andina de Café, C.A.', '30998415', 7),
  supplier('AVILIM', 'Productos de Limpieza El Ávila, C.A.', '40213377', 8),
  supplier('ZULBEB', 'Embotelladora del Zulia, S.A.', '07001245', 5),
  supplier('QUIBOR', 'Agrícola Valle de Quíbor, C.A.', '41556208', 2),
  supplier('MARORI', 'Conservas Mar de Oriente, C.A.', '30417766', 9),
];

type Line = readonly [sku: string, name: string, cost: number, price: number, tax: 'E' | 'G', mean: number, december?: number];

interface Shelf {
  readonly category: string;
  readonly supplier: string;
  readonly week: WeekProfile;
  readonly unit?: 'kg';
  readonly lines: readonly Line[];
}

/** E: exempt, the basic foods; G: the general rate. LAC001 is the documents' product, exempt as pasteurised milk is by law. */
const SHELVES: readonly Shelf[] = [
  {
    category: 'LACTEOS',
    supplier: 'POLAR',
    week: 'staple',
    lines: [
      ['LAC001', 'Leche Entera Santa Bárbara 1L', 2.5, 3.25, 'E', 14, 0.2],
      ['LAC002', 'Leche Descremada 1L', 2.55, 3.3, 'E', 6],
      ['LAC003', 'Yogur Firme Natural 150g', 0.7, 1.05, 'G', 8],
      ['LAC004', 'Margarina con Sal 500g', 1.9, 2.6, 'E', 7, 0.5],
    ],
  },
  {
    category: 'LACTEOS',
    supplier: 'ANDLAC',
    week: 'fresh',
    unit: 'kg',
    lines: [
      ['LAC010', 'Queso Blanco Duro kg', 5.4, 7.2, 'E', 11, 0.3],
      ['LAC011', 'Queso Guayanés kg', 6.1, 8.4, 'E', 6],
      ['LAC012', 'Queso Amarillo kg', 8.2, 11.5, 'G', 4, 0.6],
    ],
  },
  {
    category: 'VIVERES',
    supplier: 'POLAR',
    week: 'staple',
    lines: [
      ['VIV001', 'Harina de Maíz Blanco Precocida 1kg', 0.95, 1.3, 'E', 34, 0.7],
      ['VIV002', 'Arroz Blanco Tipo I 1kg', 1.05, 1.45, 'E', 20, 0.2],
      ['VIV003', 'Mayonesa 445g', 2.3, 3.2, 'G', 8, 0.8],
      ['VIV004', 'Salsa de Tomate 397g', 1.4, 2, 'G', 7, 0.3],
    ],
  },
  {
    category: 'VIVERES',
    supplier: 'MOLCEN',
    week: 'staple',
    lines: [
      ['VIV010', 'Pasta Larga Vermicelli 1kg', 1.3, 1.8, 'E', 18, 0.1],
      ['VIV011', 'Pasta Corta Pluma 1kg', 1.3, 1.8, 'E', 12],
      ['VIV012', 'Harina de Trigo Leudante 1kg', 1.1, 1.55, 'E', 8, 0.9],
      ['VIV013', 'Azúcar Refinada 1kg', 1.05, 1.4, 'E', 15, 0.4],
      ['VIV014', 'Aceite de Girasol 1L', 2.9, 3.9, 'G', 11, 0.3],
      ['VIV015', 'Caraotas Negras 500g', 1.15, 1.6, 'E', 6],
      ['VIV016', 'Lentejas 500g', 1.2, 1.7, 'E', 4],
      ['VIV017', 'Avena en Hojuelas 400g', 1.1, 1.6, 'G', 4],
    ],
  },
  {
    category: 'VIVERES',
    supplier: 'MARORI',
    week: 'staple',
    lines: [
      ['VIV020', 'Sardinas en Salsa de Tomate 170g', 0.85, 1.25, 'E', 9],
      ['VIV021', 'Atún en Agua 140g', 1.45, 2.1, 'E', 10, 0.2],
      ['VIV022', 'Aceitunas Rellenas 200g', 1.6, 2.5, 'G', 1.6, 3],
    ],
  },
  {
    category: 'CAFE Y CHOCOLATE',
    supplier: 'CAFAND',
    week: 'staple',
    lines: [
      ['CAF001', 'Café Molido Gourmet 500g', 4.2, 5.9, 'E', 9, 0.2],
      ['CAF002', 'Café Molido 200g', 1.8, 2.6, 'E', 12],
      ['CAF003', 'Chocolate en Polvo 200g', 1.5, 2.3, 'G', 3, 0.4],
    ],
  },
  {
    category: 'BEBIDAS',
    supplier: 'ZULBEB',
    week: 'weekend',
    lines: [
      ['BEB001', 'Refresco de Cola 2L', 1.3, 1.95, 'G', 24, 0.9],
      ['BEB002', 'Malta 250ml', 0.45, 0.75, 'G', 26, 0.5],
      ['BEB003', 'Agua Mineral 5L', 1.1, 1.7, 'G', 12],
      ['BEB004', 'Jugo de Durazno 1L', 1.35, 2, 'G', 7, 0.3],
      ['BEB005', 'Ponche Crema 0,75L', 4.5, 7.2, 'G', 0.5, 9],
    ],
  },
  {
    category: 'CARNES',
    supplier: 'LLANO',
    week: 'fresh',
    unit: 'kg',
    lines: [
      ['CAR001', 'Pollo Entero kg', 2.3, 3.1, 'E', 22, 0.4],
      ['CAR002', 'Carne Molida de Res kg', 4.8, 6.4, 'G', 12, 0.3],
      ['CAR003', 'Chuleta Ahumada kg', 4.6, 6.2, 'G', 6, 0.5],
      ['CAR004', 'Pernil de Cochino kg', 3.9, 5.5, 'G', 2, 5],
    ],
  },
  {
    category: 'FRUTAS Y VERDURAS',
    supplier: 'QUIBOR',
    week: 'fresh',
    unit: 'kg',
    lines: [
      ['FRU001', 'Cebolla kg', 0.9, 1.4, 'E', 14],
      ['FRU002', 'Tomate kg', 1.1, 1.75, 'E', 16],
      ['FRU003', 'Papa kg', 1, 1.55, 'E', 17, 0.2],
      ['FRU004', 'Plátano Hartón kg', 0.8, 1.25, 'E', 15],
    ],
  },
  {
    category: 'LIMPIEZA Y ASEO',
    supplier: 'AVILIM',
    week: 'weekend',
    lines: [
      ['LIM001', 'Detergente en Polvo 1kg', 2.4, 3.5, 'G', 6],
      ['LIM002', 'Cloro 1L', 0.9, 1.4, 'G', 5],
      ['LIM003', 'Papel Higiénico 4 Rollos', 1.7, 2.5, 'G', 11],
      ['LIM004', 'Jabón de Baño 110g', 0.6, 0.95, 'G', 9],
      ['LIM005', 'Champú 400ml', 2.8, 4.3, 'G', 2],
      ['LIM006', 'Velas Paquete de 6', 0.9, 1.5, 'G', 0.4, 0.6],
    ],
  },
];

/** Barcodes carry Venezuela's prefix 759; the documents' one ends in its right check digit, the others are invented. */
export const PRODUCTS: readonly DemoProduct[] = SHELVES.flatMap((shelf) => shelf.lines.map((line) => ({ shelf, line }))).map(
  ({ shelf, line: [sku, name, cost, price, tax, mean, december = 0] }, i) => ({
    sku,
    name,
    category: shelf.category,
    supplier: shelf.supplier,
    unit: shelf.unit ?? 'unit',
    barcode: completeEan13(sku === 'LAC001' ? '759123456789' : `75900${String(4_200_000 + i * 137)}`),
    cost,
    price,
    tax: tax === 'E' ? 'exempt' : 'general',
    mean,
    week: shelf.week,
    december,
  }),
);
