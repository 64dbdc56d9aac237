#!/usr/bin/env node
import { dbMigrate, dbRoles, dbSetup } from './kernel/database/database.commands.js';
import { type Command, runCommand } from './kernel/runtime/commands.js';
import { UsageError } from './kernel/runtime/start-options.js';

/** Every command of `npx fluxion`. A module that brings one exports it as a Command; what it needs it imports when it runs. */
const COMMANDS: readonly Command[] = [dbRoles, dbSetup, dbMigrate];

try {
  process.exitCode = await runCommand(COMMANDS, process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UsageError ? `fluxion: ${error.message}` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
