import { coldStart, learnPeers, Peers } from './cold-start.js';
import { timelineOf } from './drivers.js';
import { Prepared, prepare } from './effects.js';
import { Frequency } from './series.js';

function prepared(y: number[], freq: Frequency = 'D', start = '2025-01-06'): Prepared {
  const [one] = prepare([timelineOf({ id: 's', start, freq, y: Float64Array.from(y), horizon: 7 })], [y.length]);
  return one!;
}

const PEERS: Peers = { level: 4, roughness: 0.5, profile: new Float64Array(7).fill(1) };
const levelOf = (y: number[], peers: Peers | null = PEERS): number => coldStart(prepared(y), peers).forecast[0]!;

describe('learnPeers', () => {
  it('should learn the mean level and the weekday profile by date', () => {
    // 6 January 2025 is a Monday; two products of which one starts on a Tuesday
    const week = [2, 1, 1, 1, 1, 1, 0];
    const a = prepared(Array.from({ length: 70 }, (_, i) => 10 * week[i % 7]!));
    const b = prepared(
      Array.from({ length: 70 }, (_, i) => 30 * week[(i + 1) % 7]!),
      'D',
      '2025-01-07',
    );
    const peers = learnPeers([a, b])!;
    expect(peers.level).toBeCloseTo(20, 1);
    expect(peers.profile[1]).toBeCloseTo(2, 1);
    expect(peers.profile[3]).toBeCloseTo(1, 1);
    expect(peers.profile[0]).toBeCloseTo(0, 1);
  });

  it('should learn nothing from nobody', () => {
    expect(learnPeers([])).toBeNull();
  });
});

describe('coldStart', () => {
  it("should start at the category's mean and go over to its own sales", () => {
    expect(levelOf([])).toBeCloseTo(4, 12);
    // (1 + 30) / (1/4 + 3)
    expect(levelOf([10, 10, 10])).toBeCloseTo(31 / 3.25, 12);
  });

  it('should tend to 0 without sales, however much the others sell', () => {
    // 1 / (1/4 + 10)
    expect(levelOf(Array.from({ length: 10 }, () => 0))).toBeCloseTo(1 / 10.25, 12);
    expect(
      levelOf(
        Array.from({ length: 100 }, () => 0),
        { ...PEERS, level: 1e9 },
      ),
    ).toBeLessThan(0.011);
  });

  it('should be its own mean without a category, and 0 without anything', () => {
    expect(levelOf([2, 4], null)).toBe(3);
    expect(levelOf([], null)).toBe(0);
  });

  it("should spread at least as a Poisson count and as the category's series do", () => {
    expect(coldStart(prepared([]), PEERS).scale).toBe(2);
    expect(coldStart(prepared([]), { ...PEERS, roughness: 2 }).scale).toBe(8);
  });
});
