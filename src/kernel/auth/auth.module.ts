import { Global, Module } from '@nestjs/common';
import { PrincipalCache } from './principal-cache.js';
import { SigningKeys } from './signing-keys.js';

/** Keys and verified credentials, for whoever issues, verifies or revokes them. */
@Global()
@Module({ providers: [SigningKeys, PrincipalCache], exports: [SigningKeys, PrincipalCache] })
export class AuthModule {}
