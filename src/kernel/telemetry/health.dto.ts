import { ApiProperty } from '@nestjs/swagger';
import { Choice } from '../http/fields.js';

const STATES = ['ok', 'failing'] as const;

export class LivenessDto {
  /** The process answers. */
  @Choice(['ok'])
  status: 'ok';
}

export class HealthDto {
  /** ok when every check is. */
  @Choice(STATES)
  status: 'ok' | 'failing';

  /** State of each part: database, queue, migrations, walls. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string', enum: [...STATES] } })
  checks: Record<string, 'ok' | 'failing'>;
}
