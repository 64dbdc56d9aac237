export { default } from './medium-setup.mjs';
