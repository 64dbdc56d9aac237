// The worker of fake-product.mjs: says what it does into the file that WORKER_LOG names.
import { appendFileSync } from 'node:fs';
import { superviseSelf } from '../../dist/kernel/runtime/child-process.js';

const say = (what) => appendFileSync(process.env.WORKER_LOG, `${what} ${process.pid}\n`);

void superviseSelf(async () => {
  say('opened');
  const work = setInterval(() => undefined, 1000);
  return async () => {
    clearInterval(work);
    say('closed');
  };
});
