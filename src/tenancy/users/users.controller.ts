import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { CreateUserDto, UpdateUserDto, UserDto, UserQuery } from './user.dto.js';
import { UserService } from './user.service.js';

@ApiTags('Users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UserService) {}

  /**
   * Lists people of the tenant.
   * @remarks In the order in which they were added. Administrators see all of them, others themselves.
   */
  @Get()
  @Permission('users.read')
  @ApiOkResponse({ type: pageOf(UserDto) })
  listUsers(@Query() query: UserQuery): Promise<Page<UserDto>> {
    return this.users.list(query);
  }

  /** Adds a person, who can log in at once. */
  @IdempotentPost()
  @BodyExamples(CreateUserDto, {
    seller: {
      email: 'maria@fluxion-demo.example',
      fullName: 'María Pérez',
      role: 'user',
      password: 'cuatro-palabras-nada-comunes',
      storeIds: [EXAMPLE_ID],
    },
  })
  @Permission('users.write')
  @ApiCreatedResponse({ type: UserDto })
  @Problems('users.email_taken', 'users.username_taken', 'users.weak_password')
  @ApiCreatedResponse({ type: UserDto })
  createUser(@Body() body: CreateUserDto): Promise<UserDto> {
    return this.users.create(body);
  }

  /** Shows one person of the tenant. */
  @Get(':id')
  @Tagged()
  @Permission('users.read')
  @Problems('http.not_found')
  getUser(@Id() id: string): Promise<UserDto> {
    return this.users.get(id);
  }

  /**
   * Changes a person.
   * @remarks Role, stores, permissions and activity take effect within a second, also for tokens already issued.
   */
  @Patch(':id')
  @BodyExamples(UpdateUserDto, { timezone: { timezone: 'America/Caracas' } })
  @Tagged()
  @Permission('users.write')
  @Problems(
    'http.not_found',
    'http.precondition_failed',
    'users.email_taken',
    'users.username_taken',
    'users.last_admin',
    'users.weak_password',
  )
  updateUser(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: UpdateUserDto): Promise<UserDto> {
    return this.users.update(id, ifMatch, body);
  }

  /**
   * Deactivates a person.
   * @remarks All sessions and API keys of the person end. What the person did stays.
   */
  @Delete(':id')
  @HttpCode(204)
  @Permission('users.write')
  @Problems('http.not_found', 'http.precondition_failed', 'users.last_admin')
  deactivateUser(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    return this.users.deactivate(id, ifMatch);
  }
}
