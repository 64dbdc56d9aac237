export interface SimplexOptions {
  start: ArrayLike<number>;
  /** size of the first simplex along each axis */
  step: ArrayLike<number>;
  lower: ArrayLike<number>;
  upper: ArrayLike<number>;
  maxIterations?: number;
  /** stop when worst and best differ relatively by less */
  tolerance?: number;
}

export interface Minimum {
  x: Float64Array;
  value: number;
}

type Objective = (x: Float64Array) => number;

class Simplex {
  readonly points: Float64Array[] = [];
  readonly values: Float64Array;
  best = 0;
  worst = 0;
  second = 0;
  private readonly centroid: Float64Array;
  private readonly n: number;

  constructor(
    private readonly objective: Objective,
    private readonly options: SimplexOptions,
  ) {
    const n = options.start.length;
    this.n = n;
    this.centroid = new Float64Array(n);
    this.values = new Float64Array(n + 1);
    for (let k = 0; k <= n; k++) {
      const point = Float64Array.from(options.start);
      if (k > 0) {
        const axis = k - 1;
        const moved = point[axis]! + options.step[axis]!;
        // a first step across the upper bound would collapse the simplex on it: go the other way
        point[axis] = moved > options.upper[axis]! ? point[axis]! - options.step[axis]! : moved;
      }
      this.points.push(this.clamp(point));
      this.values[k] = objective(point);
    }
    this.rank();
  }

  rank(): void {
    const { values } = this;
    this.best = 0;
    this.worst = 0;
    for (let k = 1; k < values.length; k++) {
      if (values[k]! < values[this.best]!) this.best = k;
      if (values[k]! > values[this.worst]!) this.worst = k;
    }
    this.second = -1;
    for (let k = 0; k < values.length; k++) {
      if (k !== this.worst && (this.second < 0 || values[k]! > values[this.second]!)) this.second = k;
    }
    if (this.second < 0) this.second = this.best;
  }

  centre(): void {
    this.centroid.fill(0);
    for (let k = 0; k < this.points.length; k++) {
      if (k === this.worst) continue;
      for (let i = 0; i < this.n; i++) this.centroid[i]! += this.points[k]![i]! / this.n;
    }
  }

  /** writes centroid + factor * (from - centroid) into `into` and returns its value */
  probe(into: Float64Array, from: Float64Array, factor: number): number {
    for (let i = 0; i < this.n; i++) into[i] = this.centroid[i]! + factor * (from[i]! - this.centroid[i]!);
    return this.objective(this.clamp(into));
  }

  replaceWorst(point: Float64Array, value: number): void {
    this.points[this.worst]!.set(point);
    this.values[this.worst] = value;
  }

  shrink(): void {
    const centre = this.points[this.best]!;
    for (let k = 0; k < this.points.length; k++) {
      if (k === this.best) continue;
      const point = this.points[k]!;
      for (let i = 0; i < this.n; i++) point[i] = centre[i]! + 0.5 * (point[i]! - centre[i]!);
      this.values[k] = this.objective(point);
    }
  }

  private clamp(x: Float64Array): Float64Array {
    const { lower, upper } = this.options;
    for (let i = 0; i < x.length; i++) {
      if (x[i]! < lower[i]!) x[i] = lower[i]!;
      else if (x[i]! > upper[i]!) x[i] = upper[i]!;
    }
    return x;
  }
}

/**
 * Minimises a function of a few variables without derivatives inside box bounds.
 *
 * Source: Nelder & Mead (1965), "A simplex method for function minimization", with the usual coefficients
 * reflection 1, expansion 2, contraction 1/2, shrink 1/2; a point outside the box is moved onto it.
 */
export function nelderMead(objective: Objective, options: SimplexOptions): Minimum {
  const { maxIterations = 200, tolerance = 1e-7 } = options;
  const simplex = new Simplex(objective, options);
  const { values } = simplex;
  const reflected = new Float64Array(options.start.length);
  const trial = new Float64Array(options.start.length);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const low = values[simplex.best]!;
    const high = values[simplex.worst]!;
    if (Math.abs(high - low) <= tolerance * (Math.abs(low) + 1e-12)) break;
    simplex.centre();
    const worstPoint = simplex.points[simplex.worst]!;
    const reflectedValue = simplex.probe(reflected, worstPoint, -1);
    if (reflectedValue < low) {
      const expanded = simplex.probe(trial, worstPoint, -2);
      if (expanded < reflectedValue) simplex.replaceWorst(trial, expanded);
      else simplex.replaceWorst(reflected, reflectedValue);
    } else if (reflectedValue < values[simplex.second]!) {
      simplex.replaceWorst(reflected, reflectedValue);
    } else {
      const outside = reflectedValue < high;
      const contracted = simplex.probe(trial, outside ? reflected : worstPoint, 0.5);
      if (contracted < Math.min(reflectedValue, high)) simplex.replaceWorst(trial, contracted);
      else simplex.shrink();
    }
    simplex.rank();
  }
  return { x: simplex.points[simplex.best]!, value: values[simplex.best]! };
}
