import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { CreateProductDto, ProductDto, ProductsQuery, UpdateProductDto } from './products.dto.js';
import { ProductsService } from './products.service.js';

@ApiTags('Products')
@Controller('products')
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  /** Lists products by SKU, or searches them by name, SKU and barcode, best match first. */
  @Get()
  @Permission('catalog.read')
  @ApiOkResponse({ type: pageOf(ProductDto) })
  listProducts(@Query() query: ProductsQuery): Promise<Page<ProductDto>> {
    return this.products.list(query);
  }

  /** Reads one product. */
  @Get(':id')
  @Permission('catalog.read')
  @Tagged()
  @ApiOkResponse({ type: ProductDto })
  getProduct(@Id() id: string): Promise<ProductDto> {
    return this.products.get(id);
  }

  /** Creates a product. */
  @IdempotentPost()
  @BodyExamples(CreateProductDto, {
    product: {
      sku: 'LAC-900',
      name: 'Leche Descremada Santa Bárbara 1L',
      barcode: '7599990000013',
      barcodes: [{ barcode: '17599990000010', quantity: '12' }],
      categoryId: EXAMPLE_ID,
      supplierId: EXAMPLE_ID,
      reorderPoint: '12',
      costPrice: '2.50',
      sellingPrice: '3.25',
      taxCategory: 'exempt',
    },
  })
  @Permission('catalog.write')
  @Problems('catalog.sku_taken', 'catalog.barcode_taken', 'http.not_found')
  @ApiCreatedResponse({ type: ProductDto })
  createProduct(@Body() body: CreateProductDto): Promise<ProductDto> {
    return this.products.create(body);
  }

  /** Changes the fields that are given. A new reorder point is compared with the stock of every store at once. */
  @Patch(':id')
  @BodyExamples(UpdateProductDto, { example: { description: 'En la nevera', reorderPoint: '12' } })
  @Permission('catalog.write')
  @Tagged()
  @Problems('catalog.sku_taken', 'catalog.barcode_taken', 'catalog.product_in_use')
  @ApiOkResponse({ type: ProductDto })
  updateProduct(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: UpdateProductDto): Promise<ProductDto> {
    return this.products.update(id, ifMatch, body);
  }

  /** Deactivates a product. Refused while it has stock or is on order; its history stays. */
  @Delete(':id')
  @HttpCode(204)
  @Permission('catalog.write')
  @Problems('catalog.product_in_use')
  @ApiNoContentResponse()
  deactivateProduct(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    return this.products.deactivate(id, ifMatch);
  }
}
