// One JSON line a metric, as docs and machines read it; for people a sentence too, unless --json.
import { execFileSync } from 'node:child_process';
import os from 'node:os';

const root = new URL('../..', import.meta.url).pathname;
// the load before the bench itself makes any
const load1 = os.loadavg()[0];

/** Short hash of the commit that is measured, with + when the tree has changes beside it. */
export function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+';
    return git('rev-parse', '--short', 'HEAD') + changed;
  } catch {
    return 'unknown';
  }
}

const round = (value) => (Number.isFinite(value) ? Number(value.toPrecision(5)) : null);

/**
 * @param {string} bench
 * @param {boolean} json only lines
 */
export function reporter(bench, json = process.argv.includes('--json')) {
  const of = commit();
  let missed = 0;
  return {
    /**
     * What is judged is the ratio, or the value where there is no baseline (`judge: 'value'` for a value beside a baseline).
     * @param {{ metric: string, value: number, unit: string, n: number, baseline?: string, baselineValue?: number, ratio?: number,
     *   target?: number, better?: 'higher' | 'lower', judge?: 'ratio' | 'value' }} line
     */
    line({ metric, value, unit, n, baseline = null, baselineValue = NaN, ratio, target = null, better = 'lower', judge }) {
      const quotient = ratio ?? value / baselineValue;
      const judged = judge === 'value' || !Number.isFinite(quotient) ? value : quotient;
      const pass = target === null ? null : better === 'higher' ? judged >= target : judged <= target;
      if (pass === false) missed++;
      const told = {
        bench,
        metric,
        value: round(value),
        unit,
        baseline,
        baselineValue: round(baselineValue),
        ratio: round(quotient),
        target,
        pass,
        n,
        load1: round(load1),
        commit: of,
      };
      console.log(JSON.stringify(told));
      if (!json) console.error(sentence(told, better));
    },
    note(text) {
      if (!json) console.error(text);
    },
    /** Exit code: 1 when a target was missed. */
    get code() {
      return missed > 0 ? 1 : 0;
    },
  };
}

function sentence({ metric, value, unit, baseline, baselineValue, ratio, target, pass }, better) {
  const beside = baseline === null ? '' : `, ${baseline} ${baselineValue} ${unit}: ${ratio?.toFixed(2)}x`;
  const verdict = pass === null ? '' : ` (target ${better === 'higher' ? '>=' : '<='} ${target}: ${pass ? 'met' : 'MISSED'})`;
  return `  ${metric}: ${value} ${unit}${beside}${verdict}`;
}
