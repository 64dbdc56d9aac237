import { Controller, Get, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/auth.decorators.js';
import { LoadShedder } from '../http/load-shedder.js';
import { HealthDto, LivenessDto } from './health.dto.js';
import { HealthRegistry } from './health.registry.js';

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly load: LoadShedder,
  ) {}

  /** Whether the process is alive. */
  @Public()
  @Get('live')
  checkLiveness(): LivenessDto {
    return { status: 'ok' };
  }

  /** Whether the process may be sent traffic: its database, queues, migrations and walls are as they must be. */
  @Public()
  @Get('ready')
  @ApiResponse({ status: 503, type: HealthDto, description: 'A check fails, or the process is stopping.' })
  async checkReadiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    const health = await this.registry.look();
    const ready = health.status === 'ok' && !this.load.isStopping;
    reply.code(ready ? 200 : 503);
    return { ...health, status: ready ? 'ok' : 'failing' };
  }
}
