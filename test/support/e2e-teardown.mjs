export { default } from './medium-teardown.mjs';
