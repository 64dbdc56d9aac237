import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnyRole } from '../auth/auth.decorators.js';
import { tenantScope } from '../database/tenant-context.js';
import { notFound } from '../errors/problem-error.js';
import { Problems, Tagged } from '../http/operations.js';
import { Id } from '../http/parameters.js';
import { JobDto } from './job.dto.js';
import { JobStates } from './job-states.js';
import { jobView } from './job-view.js';
import { QUEUE_BACKEND, type QueueBackend } from './queue-backend.js';

@ApiTags('Jobs')
@Controller('jobs')
export class JobsController {
  constructor(
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    private readonly states: JobStates,
  ) {}

  /**
   * Shows a job that an earlier request handed out.
   *
   * Finished jobs are shown for a day. Another tenant's job is not found, in the same words as one that never was.
   */
  @Get(':id')
  @AnyRole()
  @Tagged()
  @Problems('http.not_found')
  async getJob(@Id() id: string): Promise<JobDto> {
    const record = await this.backend.find(id);
    if (!record || record.tenant !== tenantScope().tenant.id) throw notFound();
    return jobView(await this.states.of(record));
  }
}
