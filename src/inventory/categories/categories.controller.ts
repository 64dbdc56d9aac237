import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { CategoriesQuery, CategoryDto, CreateCategoryDto, UpdateCategoryDto } from './categories.dto.js';
import { CategoriesService } from './categories.service.js';

@ApiTags('Categories')
@Controller('categories')
export class CategoriesController {
  constructor(private readonly categories: CategoriesService) {}

  /** Lists categories by code, each with its path from the root of the tree. */
  @Get()
  @Permission('catalog.read')
  @ApiOkResponse({ type: pageOf(CategoryDto) })
  listCategories(@Query() query: CategoriesQuery): Promise<Page<CategoryDto>> {
    return this.categories.list(query);
  }

  /** Reads one category with its path. */
  @Get(':id')
  @Permission('catalog.read')
  @Tagged()
  @ApiOkResponse({ type: CategoryDto })
  getCategory(@Id() id: string): Promise<CategoryDto> {
    return this.categories.get(id);
  }

  /** Creates a category, as a root or below another one. */
  @IdempotentPost()
  @BodyExamples(CreateCategoryDto, {
    root: { code: 'BEBIDAS-FRIAS', name: 'Bebidas frías', description: 'Refrescos, jugos y aguas' },
  })
  @Permission('catalog.write')
  @Problems('catalog.code_taken', 'catalog.category_too_deep', 'http.not_found')
  @ApiCreatedResponse({ type: CategoryDto })
  createCategory(@Body() body: CreateCategoryDto): Promise<CategoryDto> {
    return this.categories.create(body);
  }

  /** Changes the fields that are given; parentId moves the category with everything below it. */
  @Patch(':id')
  @BodyExamples(UpdateCategoryDto, { example: { description: 'De todas las marcas' } })
  @Permission('catalog.write')
  @Tagged()
  @Problems('catalog.code_taken', 'catalog.category_cycle', 'catalog.category_too_deep', 'catalog.category_in_use')
  @ApiOkResponse({ type: CategoryDto })
  updateCategory(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: UpdateCategoryDto): Promise<CategoryDto> {
    return this.categories.update(id, ifMatch, body);
  }

  /** Deactivates a category. Refused while active products or categories hang on it. */
  @Delete(':id')
  @HttpCode(204)
  @Permission('catalog.write')
  @Problems('catalog.category_in_use')
  @ApiNoContentResponse()
  deactivateCategory(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    return this.categories.deactivate(id, ifMatch);
  }
}
