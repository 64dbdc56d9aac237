import { chartRow, TODAY } from '../../../test/support/forecast-chart.js';
import { everyElement, ofClass, readXml, type XmlElement } from '../../../test/support/xml.js';
import { addDays } from '../../kernel/time/zone.js';
import { centerOf, layoutOf, xOf, yOf, type ChartLayout } from './chart-layout.js';
import { contentPolicy, PALETTES, STYLES, styleSource } from './chart-theme.js';
import { chartWords } from './chart-words.js';
import { chartOf, type ChartRow } from './forecast-chart.js';
import { forecastSvg, forecastSvgFile, type DrawingOptions } from './forecast-svg.js';
import { textWidth } from './text-fit.js';

const SIZE = { width: 960, height: 540 };

function drawn(changes: Partial<ChartRow> = {}, options: Partial<DrawingOptions> = {}, historyDays = 90) {
  const chart = chartOf(chartRow(changes), { today: TODAY, historyDays });
  const all: DrawingOptions = { ...SIZE, locale: 'es', theme: 'light', ...options };
  const layout = layoutOf(chart, chartWords(all.locale), all);
  return { chart, layout, text: forecastSvgFile(chart, all), svg: readXml(forecastSvgFile(chart, all)) };
}

const only = (svg: XmlElement, name: string): XmlElement => {
  const found = ofClass(svg, name).filter(({ attributes }) => attributes['d'] !== undefined);
  expect(found.length).toBeGreaterThan(0);
  return found.at(-1)!;
};
/** Coordinates of a path of absolute lines. */
const pointsOf = ({ attributes }: XmlElement): [number, number][] =>
  [...attributes['d']!.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
const texts = (svg: XmlElement): XmlElement[] => everyElement(svg).filter(({ name }) => name === 'text');
const says = (svg: XmlElement): string =>
  texts(svg)
    .map(({ text }) => text.replace(/[\u2068\u2069]/g, ''))
    .join('\n');

describe('forecastSvg', () => {
  it('should be one document that says what it shows', () => {
    const { svg } = drawn();
    expect(svg).toMatchObject({ name: 'svg', attributes: { role: 'img', viewBox: '0 0 960 540', lang: 'es' } });
    const [title, description] = svg.children;
    expect(svg.attributes['aria-labelledby']).toBe(`${title!.attributes['id']} ${description!.attributes['id']}`);
    expect([title!.name, description!.name]).toEqual(['title', 'desc']);
    expect(title!.text).toContain('Harina 1kg');
    expect(description!.text).toMatch(/Demanda esperada, 28 días: 364 unidades\. Existencias: 42\. .*Se agota: 25 nov 2026\./);
    expect(says(drawn({}, { locale: 'en' }).svg)).toMatch(/Expected demand, 28 days: 364 units[\s\S]*Runs out: Nov 25, 2026/);
  });

  it('should draw each value where the axes say', () => {
    const { svg, layout, chart } = drawn();
    const { demand, historyDays } = layout;
    const mean = pointsOf(only(svg, 'expected'));
    expect(mean).toHaveLength(28);
    mean.forEach(([x, y], h) => {
      expect(x).toBeCloseTo(centerOf(layout, historyDays + h), 1);
      expect(y).toBeCloseTo(yOf(demand, chart.plan[h]!.demand!.mean), 1);
    });
    const sold = pointsOf(only(svg, 'demand'));
    expect(sold.at(-1)![0]).toBeCloseTo(centerOf(layout, historyDays - 1), 1);
    expect(sold.at(-1)![1]).toBeCloseTo(yOf(demand, 13), 1);
    const today = pointsOf(ofClass(svg, 'today')[0]!)[0]!;
    expect(today[0]).toBeCloseTo(xOf(layout, historyDays), 1);
  });

  it('should fill the band between the tenth and the ninetieth of a hundred, and lighter ones above', () => {
    const { svg, layout, chart } = drawn();
    const between = (name: string, lower: 'q10' | 'q90' | 'q95', upper: 'q90' | 'q95' | 'q99') => {
      const points = pointsOf(only(svg, name));
      expect(points).toHaveLength(60);
      const [up, down] = [points.slice(1, 29), points.slice(31, 59).toReversed()];
      chart.plan.forEach(({ demand }, h) => {
        expect(up[h]![1]).toBeCloseTo(yOf(layout.demand, demand![upper]), 1);
        expect(down[h]![1]).toBeCloseTo(yOf(layout.demand, demand![lower]), 1);
        expect(up[h]![0]).toBe(down[h]![0]);
      });
    };
    between('band', 'q10', 'q90');
    between('upper', 'q90', 'q95');
    between('highest', 'q95', 'q99');
  });

  it('should mark the stock-out on its day, in both panels, and name the date', () => {
    const { svg, layout, chart } = drawn();
    const x = centerOf(layout, layout.historyDays + 3);
    expect(chart.summary.stockOutDate).toBe(addDays(TODAY, 3));
    expect(ofClass(svg, 'out').map((line) => pointsOf(line)[0]![0])).toEqual([expect.closeTo(x, 1), expect.closeTo(x, 1)]);
    expect(pointsOf(only(svg, 'mark'))[0]![0]).toBeCloseTo(x - 4.5, 1);
    expect(says(svg)).toContain('Se agota: 25 nov');
    expect(ofClass(drawn({ available: 5_000 }).svg, 'mark')).toEqual([]);
  });

  it('should let the projected stock fall by the demand and rise by what arrives', () => {
    const { svg, layout } = drawn({ arrivals: [[addDays(TODAY, 2), 20]] });
    const levels = pointsOf(only(svg, 'path')).slice(0, 6);
    const expected = [42, 32, 21, 41, 29, 16].map((level) => expect.closeTo(yOf(layout.stock!, level), 1));
    expect(levels.map(([, y]) => y)).toEqual(expected);
    expect(levels[3]![0]).toBe(levels[2]![0]);
    expect(ofClass(svg, 'arrival').length).toBe(2);
  });

  it('should shade closed days and days without stock, and break the line there', () => {
    const closed = addDays(TODAY, -7);
    const demand = chartRow().demand.filter(
      ([day]) => day < addDays(TODAY, -12) || (day > addDays(TODAY, -10) && day !== closed),
    );
    const { svg, layout } = drawn({
      demand,
      calendar: [[closed, 'closed', null, null]],
      stockouts: [[addDays(TODAY, -12), addDays(TODAY, -10)]],
    });
    const isClosed = ({ attributes: { fill, height } }: XmlElement): boolean => fill === 'url(#fx-closed)' && Number(height) > 20;
    const rects = everyElement(svg).filter(isClosed);
    expect(rects).toHaveLength(2);
    expect(Number(rects[0]!.attributes['x'])).toBeCloseTo(xOf(layout, 83), 1);
    expect(Number(rects[0]!.attributes['width'])).toBeCloseTo(layout.step, 1);
    const lack = ofClass(svg, 'lack').find(({ attributes }) => Number(attributes['height']) > 20);
    expect(Number(lack!.attributes['x'])).toBeCloseTo(xOf(layout, 78), 1);
    expect(only(svg, 'demand').attributes['d']!.match(/M/g)).toHaveLength(3);
    expect(says(svg)).toMatch(/Cerrado\n.*Agotado/s);
  });

  it('should have no line where sales are rare, but a stem for each day', () => {
    const { svg } = drawn({
      demand: [
        [addDays(TODAY, -30), 2, 1, false],
        [addDays(TODAY, -5), 1, 1, false],
      ],
    });
    expect(ofClass(svg, 'stem')).toHaveLength(2);
    // the one that is left is the legend's
    expect(ofClass(svg, 'demand')).toHaveLength(1);
  });

  it('should mark promotions and holidays of history and plan', () => {
    const { svg, layout } = drawn({
      calendar: [
        [addDays(TODAY, 2), 'promotion', 1, null],
        [addDays(TODAY, 3), 'promotion', 1, null],
        [addDays(TODAY, 9), 'holiday', null, 'Fiesta'],
      ],
    });
    const bar = ofClass(svg, 'promotion').at(-1)!;
    expect(Number(bar.attributes['x'])).toBeCloseTo(xOf(layout, 92) + 0.5, 1);
    expect(Number(bar.attributes['width'])).toBeCloseTo(2 * layout.step - 1, 1);
    expect(pointsOf(only(svg, 'holiday'))[0]![0]).toBeCloseTo(centerOf(layout, 99), 1);
  });

  it('should draw the history, and say so, where there is no forecast', () => {
    const { svg } = drawn({ forecast: [], model: null });
    expect(ofClass(svg, 'expected')).toEqual([]);
    expect(pointsOf(only(svg, 'demand')).length).toBeGreaterThan(60);
    expect(says(svg)).toContain('Todavía no hay pronóstico');
    expect(says(drawn({ forecast: [], model: null, demand: [], available: null, onHand: null }).svg)).toContain(
      'Sin ventas en estos días',
    );
  });

  it('should not be pressed flat by a rare extreme', () => {
    const forecast = chartRow().forecast.map(([day, mean, q10, q50, q90, q95]): ChartRow['forecast'][number] => [
      day,
      mean,
      q10,
      q50,
      q90,
      q95,
      9_000,
    ]);
    expect(drawn({ forecast }).layout.demand.scale.max).toBeLessThan(60);
  });
});

const HOSTILE: Partial<ChartRow> = {
  productName: `</title><script>alert("x")</script>]]>&amp;<!-- \u0000\ud800 \u{1f9c0}\u202e شوكولاتة ${'W'.repeat(160)}`,
  sku: `"><img src=x onerror='alert(1)'>`,
  storeName: `${'متجر '.repeat(40)}<style>*{}</style>`,
  calendar: [[addDays(TODAY, 1), 'holiday', null, '</svg><script>']],
};

describe('names that people typed', () => {
  it('should be text and nothing else, cut where there is no more room', () => {
    for (const width of [280, 390, 960]) {
      const { svg, text } = drawn(HOSTILE, { width });
      expect(new Set(everyElement(svg).map(({ name }) => name))).toEqual(
        new Set(['svg', 'title', 'desc', 'style', 'defs', 'pattern', 'path', 'clipPath', 'rect', 'text', 'g']),
      );
      expect(text).not.toMatch(/ on\w+="|href=|url\((?!#fx-)|<script|<img/);
      const [name] = texts(svg);
      expect(name!.text).toMatch(/^\u2068<\/title><script>.*\u2026\u2069$/u);
      expect(name!.text).not.toContain('\u202e');
    }
  });
});

const CASES: Record<string, Partial<ChartRow>> = {
  plain: {},
  hostile: HOSTILE,
  huge: {
    demand: chartRow().demand.map(([day, quantity]) => [day, quantity * 1e13, null, false]),
    forecast: chartRow().forecast.map(([day, ...values]) => [
      day,
      ...(values.map((value) => value * 1e13) as [number, number, number, number, number, number]),
    ]),
    available: 99_999_999_999_999,
    suggestedOrder: 12_345_678,
  },
  tiny: {
    demand: [[addDays(TODAY, -2), 0.003, 1, false]],
    forecast: [[TODAY, 0.0021, 0, 0, 0.01, 0.02, 0.03]],
    unitType: 'kg',
    available: 0.004,
  },
  negative: { demand: [[addDays(TODAY, -2), -40, 1, false]], available: -7 },
  empty: { demand: [], forecast: [], model: null, available: null, onHand: null, reorderPoint: null, storeLastDay: null },
  zero: {
    demand: [],
    forecast: chartRow().forecast.map(([day]) => [day, 0, 0, 0, 0, 0, 0]),
    available: 0,
    onHand: 0,
    reorderPoint: 0,
  },
  lastDay: { available: 360, arrivals: [[addDays(TODAY, 27), 5]] },
  firstDay: { available: 1 },
};

/** Where a text is, by its estimated width. */
function boxOf({ attributes, text }: XmlElement) {
  const size = Number(attributes['font-size']);
  const width = textWidth(text, size, (attributes['class'] ?? '').includes('strong'));
  const shift = attributes['text-anchor'] === 'end' ? width : attributes['text-anchor'] === 'middle' ? width / 2 : 0;
  const x = Number(attributes['x']) - shift;
  return { text, left: x, right: x + width, top: Number(attributes['y']) - size * 0.8, bottom: Number(attributes['y']) };
}

describe.each(Object.entries(CASES))('a drawing of %s data', (_, changes) => {
  it.each([
    [280, 280, 28],
    [280, 1600, 365],
    [390, 640, 90],
    [479, 300, 90],
    [960, 540, 90],
    [2400, 1600, 365],
  ])('should be well-formed, finite and within %i x %i, with no text over another', (width, height, historyDays) => {
    for (const locale of ['es', 'en'] as const) {
      const { svg, text, layout } = drawn(changes, { width, height, locale }, historyDays);
      expect(text).not.toMatch(/NaN|Infinity|undefined|\de[+-]?\d+["\s]/);
      const boxes = texts(svg).map(boxOf);
      for (const box of boxes) {
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(width);
        expect(box.bottom).toBeLessThanOrEqual(height);
      }
      const overlaps = boxes.flatMap((a, i) =>
        boxes
          .slice(i + 1)
          .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          .map((b) => [a.text, b.text]),
      );
      expect(overlaps).toEqual([]);
      assertPanels(layout);
    }
  });
});

function assertPanels({ demand, stock, width, height }: ChartLayout): void {
  for (const panel of stock ? [demand, stock] : [demand]) {
    expect(panel.height).toBeGreaterThan(20);
    expect(panel.x + panel.width).toBeLessThan(width);
    expect(panel.y + panel.height).toBeLessThan(height);
  }
}

describe('themes', () => {
  const luminance = (color: string): number => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };

  it.each(['light', 'dark'] as const)('should be legible: %s', (name) => {
    const { background, text, muted, alarm, demand, expected, stock, promotion, holiday } = PALETTES[name];
    for (const color of [text, muted, alarm, demand, expected, stock, promotion, holiday])
      expect(contrast(color, background)).toBeGreaterThanOrEqual(4.5);
  });

  it('should be allowed by the policy word for word, and follow the reader when asked to', () => {
    for (const theme of ['auto', 'light', 'dark'] as const) {
      const style = everyElement(drawn({}, { theme }).svg).find(({ name }) => name === 'style');
      expect(style!.text).toBe(STYLES[theme]);
      expect(contentPolicy(STYLES[theme])).toContain(`default-src 'none'; style-src ${styleSource(style!.text)};`);
      expect(style!.text.includes('prefers-color-scheme:dark')).toBe(theme === 'auto');
    }
  });

  it('should bring no style sheet into a document that has it, and ids of its own', () => {
    const chart = chartOf(chartRow(), { today: TODAY, historyDays: 28 });
    const svg = readXml(forecastSvg(chart, { width: 460, height: 300, isSmall: true, locale: 'es', prefix: 'c7-' }).xml);
    const all = everyElement(svg);
    expect(all.some(({ name }) => name === 'style')).toBe(false);
    const ids = all.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(ids.every((id) => id.startsWith('c7-'))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
