/** The run was ended by somebody else while it was worked on: cancelled, or its tenant suspended. */
export class RunEndedError extends Error {
  override readonly name = 'RunEndedError';

  constructor() {
    super('the run has ended');
  }
}

/** ms between two looks at a run that is worked on */
const LOOK_EVERY = 1_000;

/**
 * Does work of a run as long as the run is open: when it ends meanwhile, the work's signal aborts.
 * @param signal of the job
 * @param isOpen asked every second; an error is no answer
 * @throws RunEndedError when the run has ended
 */
export async function whileOpen<T>(
  signal: AbortSignal,
  isOpen: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<T>,
  every: number = LOOK_EVERY,
): Promise<T> {
  const ended = new AbortController();
  const look = async (): Promise<void> => {
    if (!(await isOpen().catch(() => true))) ended.abort(new RunEndedError());
  };
  const timer = setInterval(() => void look(), every);
  try {
    return await work(AbortSignal.any([signal, ended.signal]));
  } finally {
    clearInterval(timer);
  }
}
