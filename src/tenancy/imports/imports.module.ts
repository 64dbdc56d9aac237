import { Module } from '@nestjs/common';
import { ImportChecker } from './import-checker.js';
import { ImportFiles } from './import-files.js';
import { ImportJob } from './import.job.js';
import { ImportKinds } from './import-kinds.js';
import { ImportProblemsRepository } from './import-problems.repository.js';
import { ImportPasses } from './import-passes.js';
import { ImportRunner } from './import-runner.js';
import { ImportWriter } from './import-writer.js';
import { ImportsController } from './imports.controller.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';

/** The import engine. Rooms import this module to register their kinds. */
@Module({
  controllers: [ImportsController],
  providers: [
    ImportChecker,
    ImportFiles,
    ImportJob,
    ImportKinds,
    ImportPasses,
    ImportProblemsRepository,
    ImportRunner,
    ImportWriter,
    ImportsRepository,
    ImportsService,
  ],
  exports: [ImportKinds],
})
export class ImportsModule {}
