export { AppLogger, type LogFields, type LogSettings } from './logger.js';
export { redacted } from './redact.js';
