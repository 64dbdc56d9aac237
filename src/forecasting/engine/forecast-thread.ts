import { parentPort } from 'node:worker_threads';
import { workOnTask, type ForecastAnswer, type ForecastTask } from './forecast-task.js';
import type { ThreadReply } from './worker-pool.js';

// the entry of ForecastPool's threads: a task in, its answer out
parentPort?.on('message', (task: ForecastTask) => {
  let reply: ThreadReply<ForecastAnswer>;
  try {
    reply = { result: workOnTask(task) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  const moved = 'result' in reply && 'forecasts' in reply.result ? [reply.result.forecasts.values.buffer] : [];
  parentPort?.postMessage(reply, moved);
});
