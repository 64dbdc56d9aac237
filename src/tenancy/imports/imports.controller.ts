import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id } from '../../kernel/http/parameters.js';
import { ReceiveUpload, uploadOf } from '../../kernel/http/receive-upload.js';
import { ImportFiles } from './import-files.js';
import { IMPORT_KINDS } from './import-kind.js';
import { ImportAcceptedDto, ImportDto, ImportProblemDto, ImportsQuery } from './imports.dto.js';
import { ImportsService } from './imports.service.js';

const FORM = {
  type: 'object',
  required: ['kind', 'file'],
  additionalProperties: false,
  properties: {
    kind: { type: 'string', enum: [...IMPORT_KINDS], description: 'What the file holds.', example: 'stores' },
    dryRun: { type: 'boolean', default: false, description: 'Checks every line and writes nothing.' },
    partial: { type: 'boolean', default: false, description: 'Leaves out lines with errors instead of refusing the file.' },
    file: { type: 'string', format: 'binary', description: 'CSV (`;` or `,`; UTF-8 or Windows-1252) or XLSX with a header row.' },
  },
};

/** In a file's place its content; Swagger UI lets choose one. */
const EXAMPLES = {
  check: {
    summary: 'check',
    value: { kind: 'stores', dryRun: true, file: 'code,name,type\nPZO01,Puerto Ordaz - Alta Vista,store\n' },
  },
};

@ApiTags('Imports')
@Controller('imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  /**
   * Uploads a file of stores, suppliers, products, calendar, stock or sales.
   *
   * Every line is checked first. With an error anywhere nothing is written, unless `partial`; every error can be read afterwards with its
   * line, field, code and value. The same content as the same kind is not taken in twice at once; afterwards it may come again, and lines
   * that are stored as they are in the file count as unchanged. XLSX up to 25 MB and 1.5 million cells; CSV up to the server's upload limit.
   */
  @IdempotentPost('', 202)
  @Permission('imports.write')
  @Problems(
    'auth.all_stores_required',
    'imports.unreadable_file',
    'imports.already_running',
    'http.body_too_large',
    'http.unsupported_media_type',
  )
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: FORM, examples: EXAMPLES })
  @ApiAcceptedResponse({ type: ImportAcceptedDto })
  @ReceiveUpload(ImportFiles)
  createImport(@Req() request: FastifyRequest): Promise<ImportAcceptedDto> {
    return this.imports.create(uploadOf(request));
  }

  /** Lists imports, newest first. */
  @Get()
  @Permission('imports.read')
  @ApiOkResponse({ type: pageOf(ImportDto) })
  listImports(@Query() query: ImportsQuery): Promise<Page<ImportDto>> {
    return this.imports.list(query);
  }

  /** Reads one import: how far it is and how it ended. */
  @Get(':id')
  @Permission('imports.read')
  @Tagged()
  @ApiOkResponse({ type: ImportDto })
  getImport(@Id() id: string): Promise<ImportDto> {
    return this.imports.get(id);
  }

  /** Lists what is wrong with an import's lines, by line. */
  @Get(':id/errors')
  @Permission('imports.read')
  @ApiOkResponse({ type: pageOf(ImportProblemDto) })
  listImportErrors(@Id() id: string, @Query() query: PageQuery): Promise<Page<ImportProblemDto>> {
    return this.imports.listProblems(id, query);
  }
}
