/** Takes the simulated demo, or a folder of files, into a tenant over HTTP. */
export { boot, type BootOptions } from './boot.js';
