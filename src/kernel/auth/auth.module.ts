import { Global, Module } from '@nestjs/common';
import { SigningKeys } from './signing-keys.js';

/** The keys that sign tokens and cursors. */
@Global()
@Module({ providers: [SigningKeys], exports: [SigningKeys] })
export class AuthModule {}
