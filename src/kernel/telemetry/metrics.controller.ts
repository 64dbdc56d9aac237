import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/auth.decorators.js';
import { Config } from '../config/config.js';
import { notFound } from '../errors/problem-error.js';
import { Metrics } from './metrics.js';

const LOOPBACK = /^(::1|127\.\d+\.\d+\.\d+|::ffff:127\.\d+\.\d+\.\d+)$/;

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly config: Config,
  ) {}

  /** Prometheus text, for the loopback address or the bearer of METRICS_TOKEN; for anybody else the route does not exist. */
  @Public()
  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiExcludeEndpoint()
  readMetrics(@Req() request: FastifyRequest): Promise<string> {
    const { METRICS_TOKEN } = this.config;
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const byToken = METRICS_TOKEN !== undefined && given !== undefined && isSame(given, METRICS_TOKEN);
    // the socket's own address: a header of a proxy must not open this door
    const direct = LOOPBACK.test(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined;
    if (!byToken && !direct) throw notFound();
    return this.metrics.text();
  }
}
