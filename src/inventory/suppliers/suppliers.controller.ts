import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { CreateSupplierDto, SupplierDto, SuppliersQuery, UpdateSupplierDto } from './suppliers.dto.js';
import { SuppliersService } from './suppliers.service.js';

@ApiTags('Suppliers')
@Controller('suppliers')
export class SuppliersController {
  constructor(private readonly suppliers: SuppliersService) {}

  /** Lists suppliers by code. */
  @Get()
  @Permission('catalog.read')
  @ApiOkResponse({ type: pageOf(SupplierDto) })
  listSuppliers(@Query() query: SuppliersQuery): Promise<Page<SupplierDto>> {
    return this.suppliers.list(query);
  }

  /** Reads one supplier. */
  @Get(':id')
  @Permission('catalog.read')
  @Tagged()
  @ApiOkResponse({ type: SupplierDto })
  getSupplier(@Id() id: string): Promise<SupplierDto> {
    return this.suppliers.get(id);
  }

  /** Creates a supplier. The check digit of its RIF is told in taxIdStatus. */
  @IdempotentPost()
  @BodyExamples(CreateSupplierDto, {
    supplier: {
      code: 'ALFONZO',
      businessName: 'Alfonzo Rivas & Cía.',
      taxId: 'J-00006672-9',
      leadTimeDays: 7,
      paymentTerms: '30 días',
    },
  })
  @Permission('catalog.write')
  @Problems('catalog.code_taken')
  @ApiCreatedResponse({ type: SupplierDto })
  createSupplier(@Body() body: CreateSupplierDto): Promise<SupplierDto> {
    return this.suppliers.create(body);
  }

  /** Changes the fields that are given. */
  @Patch(':id')
  @BodyExamples(UpdateSupplierDto, { example: { contactPerson: 'Ana Jiménez', paymentTerms: '30 días' } })
  @Permission('catalog.write')
  @Tagged()
  @Problems('catalog.code_taken', 'catalog.supplier_in_use')
  @ApiOkResponse({ type: SupplierDto })
  updateSupplier(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: UpdateSupplierDto): Promise<SupplierDto> {
    return this.suppliers.update(id, ifMatch, body);
  }

  /** Deactivates a supplier. Refused while orders to it are open; its products and history stay. */
  @Delete(':id')
  @HttpCode(204)
  @Permission('catalog.write')
  @Problems('catalog.supplier_in_use')
  @ApiNoContentResponse()
  deactivateSupplier(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    return this.suppliers.deactivate(id, ifMatch);
  }
}
