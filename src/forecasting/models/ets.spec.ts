import { seasonalIndices } from './decomposition.js';
import { EtsFit, fitEts, forecastEts } from './ets.js';
import { EtsParameters, EtsSpec, filterEts } from './ets-filter.js';
import { etsResiduals } from './ets-residuals.js';
import { candidateSpecs, searchEts } from './ets-search.js';
import { forecastEtsVariance } from './ets-variance.js';
import { INFEASIBLE, minimiseSquares } from './least-squares.js';
import { nelderMead } from './nelder-mead.js';
import { seededRandom } from './seeded-random.js';

/** Monthly series with level, trend, season and noise, all positive. */
function monthly(n: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  let level = 100;
  return Float64Array.from({ length: n }, (_, t) => {
    level += 0.5 + 4 * (random() - 0.5);
    return level * (1 + 0.3 * Math.sin((2 * Math.PI * t) / 12)) * (0.9 + 0.2 * random());
  });
}

const fitOf = (spec: EtsSpec, parameters: Partial<EtsParameters>, season: number[], more: Partial<EtsFit>): EtsFit => ({
  spec,
  parameters: { alpha: 0.5, beta: 0, gamma: 0, phi: 1, level: 0, slope: 0, ...parameters },
  state: { level: 10, slope: 0, season: Float64Array.from(season), position: 0, errors: new Float64Array(0) },
  aicc: 0,
  variance: 4,
  largest: 100,
  size: 3,
  ...more,
});

describe('minimiseSquares', () => {
  const rosenbrock = (x: Float64Array, into: Float64Array): number => {
    into[0] = 10 * (x[1]! - x[0]! ** 2);
    into[1] = 1 - x[0]!;
    return into[0] ** 2 + into[1] ** 2;
  };
  const box = { length: 2, start: [-1.2, 1], scale: [1, 1], maxIterations: 200, tolerance: 0 };

  it("should find the minimum of Rosenbrock's function", () => {
    const { x, value } = minimiseSquares({ ...box, residuals: rosenbrock, lower: [-5, -5], upper: [5, 5] });
    expect(x[0]).toBeCloseTo(1, 5);
    expect(x[1]).toBeCloseTo(1, 5);
    expect(value).toBeLessThan(1e-9);
  });

  it('should find the minimum on a bound, with the other unknown free', () => {
    // with x <= 0.5: y = 0.25, value 0.25
    const { x, value } = minimiseSquares({ ...box, residuals: rosenbrock, lower: [-5, -5], upper: [0.5, 5] });
    expect(x[0]).toBe(0.5);
    expect(x[1]).toBeCloseTo(0.25, 5);
    expect(value).toBeCloseTo(0.25, 8);
  });

  it('should end where the model is undefined, and walk around it', () => {
    const undefinedBelow = (x: Float64Array, into: Float64Array): number =>
      x[0]! < 0 ? INFEASIBLE : ((into[0] = x[0]! - 2), into[0] ** 2);
    const one = { ...box, length: 1, scale: [1], lower: [-9], upper: [9], residuals: undefinedBelow };
    expect(minimiseSquares({ ...one, start: [-3] }).value).toBe(INFEASIBLE);
    expect(minimiseSquares({ ...one, start: [0] }).x[0]).toBeCloseTo(2, 6);
  });

  it('should give up without prospect', () => {
    const { value } = minimiseSquares({ ...box, residuals: rosenbrock, lower: [-5, -5], upper: [5, 5], hopeless: -1000 });
    expect(value).toBeCloseTo(24.2, 9);
  });
});

describe('etsResiduals', () => {
  const y = monthly(40, 1);
  const season = { N: [], A: [5, -5, 3, -3], M: [1.2, 0.8, 1.1, 0.9] };
  const specs = (['A', 'M'] as const).flatMap((error) =>
    (['N', 'A', 'Ad'] as const).flatMap((trend) =>
      (['N', 'A', 'M'] as const).map((form): EtsSpec => ({ error, trend, season: form })),
    ),
  );

  it.each(specs)('should agree with the criterion of the filter: $error $trend $season', (spec) => {
    const trended = spec.trend !== 'N';
    const parameters: EtsParameters = {
      alpha: 0.4,
      beta: trended ? 0.1 : 0,
      gamma: spec.season === 'N' ? 0 : 0.2,
      phi: spec.trend === 'Ad' ? 0.9 : 1,
      level: 100,
      slope: trended ? 1 : 0,
    };
    const [a, b] = [Float64Array.from(season[spec.season]), Float64Array.from(season[spec.season])];
    const cost = filterEts(y, spec, parameters, a, null);
    const sum = etsResiduals(y, spec, parameters, b, new Float64Array(40), new Float64Array(40));
    expect(40 * Math.log(sum)).toBeCloseTo(cost, 8);
    expect(b).toEqual(a);
  });

  it('should refuse relative errors of a forecast that is not positive', () => {
    const spec: EtsSpec = { error: 'M', trend: 'N', season: 'N' };
    const parameters = { alpha: 0.5, beta: 0, gamma: 0, phi: 1, level: -1, slope: 0 };
    const one = new Float64Array(1);
    expect(etsResiduals(Float64Array.of(1), spec, parameters, new Float64Array(0), one, new Float64Array(1))).toBe(INFEASIBLE);
  });
});

describe('fitEts', () => {
  it.each(candidateSpecs(monthly(60, 2), 12))(
    'should be a minimum that a simplex does not improve: $error $trend $season',
    (spec) => {
      const y = monthly(96, 2);
      const fit = fitEts(y, 12, spec);
      const season = fitSeason(y, spec);
      const { alpha, beta, gamma, phi, level, slope } = fit.parameters;
      const at = Float64Array.of(alpha, level, slope);
      const criterion = (x: Float64Array): number => {
        const p = { alpha: x[0]!, beta: Math.min(beta, x[0]!), gamma, phi, level: x[1]!, slope: x[2]! };
        return filterEts(y, spec, p, Float64Array.from(season), null);
      };
      const bound = spec.season === 'N' ? 0.9999 : 1 - gamma;
      const free = spec.trend === 'N' ? 0 : 1e9;
      const polished = nelderMead(criterion, {
        start: at,
        step: [0.02, 1, 0.1],
        lower: [1e-4, -1e9, -free],
        upper: [bound, 1e9, free],
      });
      expect(criterion(at) - polished.value).toBeLessThan(0.3);
    },
  );

  it('should end early, above its rival, without prospect', () => {
    const y = monthly(96, 3);
    const spec: EtsSpec = { error: 'A', trend: 'Ad', season: 'N' };
    const full = fitEts(y, 12, spec);
    expect(fitEts(y, 12, spec, undefined, full.aicc - 500).aicc).toBeGreaterThan(full.aicc - 500);
  });

  it('should have the variance of its errors', () => {
    const y = Float64Array.from({ length: 400 }, (_, t) => 50 + 5 * Math.sin(t * t));
    const fit = fitEts(y, 1, { error: 'M', trend: 'N', season: 'N' });
    // sin^2 of quadratic angles averages 1/2: relative variance 12.5 / 2500
    expect(fit.variance).toBeCloseTo(0.005, 3);
  });
});

/** The initial indices that a fit starts from. */
function fitSeason(y: Float64Array, spec: EtsSpec): Float64Array {
  if (spec.season === 'N') return new Float64Array(0);
  return seasonalIndices(y, 12, spec.season === 'A' ? 'additive' : 'multiplicative');
}

describe('forecastEts', () => {
  it('should bound multiplicative models near zero', () => {
    const steep = { level: 1, slope: -3, season: new Float64Array(0), position: 0, errors: new Float64Array(0) };
    const spec: EtsSpec = { error: 'M', trend: 'A', season: 'N' };
    expect([...forecastEts(fitOf(spec, {}, [], { state: steep }), 2)]).toEqual([0, 0]);
    expect([...forecastEts(fitOf(spec, {}, [], { state: { ...steep, slope: 500 } }), 2)]).toEqual([300, 300]);
    const additive: EtsSpec = { error: 'A', trend: 'A', season: 'N' };
    expect([...forecastEts(fitOf(additive, {}, [], { state: steep }), 2)]).toEqual([-2, -5]);
  });
});

describe('forecastEtsVariance', () => {
  const variances = (fit: EtsFit, horizon: number): number[] =>
    [...forecastEtsVariance(fit, forecastEts(fit, horizon))].map((value) => +value.toFixed(10));

  it('should be s2 (1 + (h-1) alpha^2) for ETS(A,N,N)', () => {
    expect(variances(fitOf({ error: 'A', trend: 'N', season: 'N' }, {}, [], {}), 3)).toEqual([4, 5, 6]);
  });

  it("should be that of Holt's method for ETS(A,A,N)", () => {
    // c1 = 0.6, c2 = 0.7
    const fit = fitOf({ error: 'A', trend: 'A', season: 'N' }, { beta: 0.1 }, [], {});
    expect(variances(fit, 3)).toEqual([4, 5.44, 7.4]);
  });

  it('should add gamma after a full season', () => {
    // c1 = 0.5, c2 = 0.5 + 0.2
    const fit = fitOf({ error: 'A', trend: 'N', season: 'A' }, { gamma: 0.2 }, [1, -1], {});
    expect(variances(fit, 3)).toEqual([4, 5, 6.96]);
  });

  it('should be the recursion of relative errors by hand', () => {
    // theta 100, 100 * (1 + 0.04 * 0.25) = 101; (1.04) * theta - 100
    const fit = fitOf({ error: 'M', trend: 'N', season: 'N' }, {}, [], { variance: 0.04 });
    expect(variances(fit, 2)).toEqual([4, 5.04]);
    const seasonal = fitOf({ error: 'M', trend: 'N', season: 'M' }, {}, [2, 0.5], { variance: 0.04 });
    expect(variances(seasonal, 2)).toEqual([16, 1.26]);
  });

  it('should stay finite where the formulas explode', () => {
    const fit = fitOf({ error: 'M', trend: 'A', season: 'N' }, { alpha: 0.9, beta: 0.8 }, [], { variance: 50 });
    for (const value of variances(fit, 60)) expect(value).toBeLessThanOrEqual(10_000);
  });
});

describe('searchEts', () => {
  it('should find what a search of all models to the end finds', () => {
    for (const seed of [4, 5, 6]) {
      const y = monthly(84, seed);
      const aiccs = candidateSpecs(y, 12).map((spec) => fitEts(y, 12, spec).aicc);
      expect(searchEts(y, 12).aicc).toBeLessThan(Math.min(...aiccs) + 1);
    }
  });

  it('should give finite forecasts of series near zero', () => {
    const random = seededRandom(7);
    const y = Float64Array.from({ length: 80 }, (_, t) => (t < 60 ? 20 * random() + 0.01 : 0.001 + 0.01 * random()));
    const fit = searchEts(y, 1);
    const mean = forecastEts(fit, 30);
    for (const value of [...mean, ...forecastEtsVariance(fit, mean)]) expect(Number.isFinite(value)).toBe(true);
  });
});
