import { createHash } from 'node:crypto';

export const CHART_THEMES = ['auto', 'light', 'dark'] as const;
export type ChartTheme = (typeof CHART_THEMES)[number];

/** Colours of a chart. Every colour of text has a contrast of at least 4.5:1 with the background. */
export interface Palette {
  background: string;
  text: string;
  muted: string;
  grid: string;
  axis: string;
  demand: string;
  expected: string;
  stock: string;
  alarm: string;
  promotion: string;
  holiday: string;
  closed: string;
}

export const PALETTES: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    background: '#ffffff',
    text: '#1b1f24',
    muted: '#545d68',
    grid: '#e3e7ec',
    axis: '#8c959f',
    demand: '#3d4650',
    expected: '#0a58ca',
    stock: '#0b6e4f',
    alarm: '#c01c28',
    promotion: '#9a4d00',
    holiday: '#7b3fb5',
    closed: '#8c959f',
  },
  dark: {
    background: '#0f141a',
    text: '#eef2f6',
    muted: '#a9b4c0',
    grid: '#242c36',
    axis: '#5d6875',
    demand: '#c3ccd6',
    expected: '#6cb2ff',
    stock: '#52d3a2',
    alarm: '#ff8079',
    promotion: '#f0b057',
    holiday: '#cfa2ff',
    closed: '#7d8896',
  },
};

const SHAPES = `.fx text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.fx .num{font-variant-numeric:tabular-nums}
.fx .strong{font-weight:600}
.fx .demand,.fx .expected,.fx .stock,.fx .path,.fx .edge,.fx .reorder,.fx .mark{fill:none;stroke-linecap:round;stroke-linejoin:round}
.fx .demand{stroke-width:1.5}
.fx .stem{stroke-width:2;stroke-linecap:round}
.fx .expected{stroke-width:2.25;stroke-dasharray:7 4}
.fx .edge{stroke-width:1;stroke-dasharray:2 3}
.fx .stock{stroke-width:1.75}
.fx .path{stroke-width:1.75;stroke-dasharray:5 3.5}
.fx .reorder{stroke-width:1.25;stroke-dasharray:10 4 2 4;stroke-linecap:butt}
.fx .today{stroke-width:1.5;stroke-dasharray:4 3}
.fx .hatch{stroke-opacity:.7}
.fx .cross{stroke-opacity:.6}
.fx .out{stroke-width:1.25;stroke-dasharray:1.5 3;stroke-linecap:round}
.fx .mark{stroke-width:2.5}
.fx .band{fill-opacity:.26}
.fx .upper{fill-opacity:.13}
.fx .highest{fill-opacity:.07}
.fx .lack{fill-opacity:.13}
.fx .halo{paint-order:stroke;stroke-width:3.5;stroke-linejoin:round}
`;

const fill = (names: string, color: string): string => `${names}{fill:${color}}\n`;
const stroke = (names: string, color: string): string => `${names}{stroke:${color}}\n`;

/** Rules, not variables of CSS: what turns a chart into a picture elsewhere often knows only rules. */
function colours(palette: Palette): string {
  const { background, text, muted, grid, axis, demand, expected, stock, alarm, promotion, holiday, closed } = palette;
  return (
    // alone in its window, the drawing fits and its colour goes on around it
    `svg.fx:root{background:${background};max-width:100%;height:auto}\n` +
    fill('.fx .back', background) +
    fill('.fx text', text) +
    fill('.fx .muted', muted) +
    stroke('.fx .halo', background) +
    stroke('.fx .grid', grid) +
    stroke('.fx .axis', axis) +
    stroke('.fx .today', muted) +
    stroke('.fx .demand,.fx .stem', demand) +
    fill('.fx .dot', demand) +
    stroke('.fx .expected,.fx .edge', expected) +
    fill('.fx .band,.fx .upper,.fx .highest', expected) +
    stroke('.fx .stock,.fx .path,.fx .reorder', stock) +
    fill('.fx .arrival', stock) +
    fill('.fx .promotion', promotion) +
    fill('.fx .holiday', holiday) +
    stroke('.fx .hatch', closed) +
    fill('.fx .lack,.fx .alarm', alarm) +
    stroke('.fx .cross,.fx .out,.fx .mark', alarm)
  );
}

const LIGHT = SHAPES + colours(PALETTES.light);
const DARK = colours(PALETTES.dark);

/** The style sheets of charts: constant, so that a policy can name them by their hash. `auto` follows the reader's setting. */
export const STYLES: Readonly<Record<ChartTheme, string>> = {
  light: LIGHT,
  dark: SHAPES + DARK,
  auto: `${LIGHT}@media (prefers-color-scheme:dark){\n${DARK}}\n`,
};

/** A source of `style-src` that allows this style sheet and no other. */
export function styleSource(sheet: string): string {
  return `'sha256-${createHash('sha256').update(sheet).digest('base64')}'`;
}

/** The policy of a picture or page that holds nothing but text, shapes and its one style sheet. */
export function contentPolicy(sheet: string): string {
  return `default-src 'none'; style-src ${styleSource(sheet)}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
}
