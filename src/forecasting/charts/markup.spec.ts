import { readXml } from '../../../test/support/xml.js';
import { element, escaped, isolated, joined, Markup, pathThrough } from './markup.js';

describe('element', () => {
  it('should escape text and attributes, and only what is no markup yet', () => {
    const hostile = `</text><script>alert("1")</script> & 'x' ]]> <!-- `;
    const { xml } = element('text', { title: hostile, x: 1.23456 }, [hostile, element('b', {}, ['<'])]);
    expect(readXml(xml)).toMatchObject({ attributes: { title: hostile, x: '1.23' }, text: hostile, children: [{ text: '<' }] });
    expect(xml).not.toContain('<script');
    expect(joined([new Markup('<a/>'), null, '<a/>']).xml).toBe('<a/>&lt;a/&gt;');
  });

  it('should close itself only without a list of children, and leave out what is undefined', () => {
    expect(element('rect', { x: 0, y: undefined }).xml).toBe('<rect x="0"/>');
    expect(element('td', {}, []).xml).toBe('<td></td>');
  });
});

describe('escaped', () => {
  it('should replace what XML cannot hold, and keep the rest of Unicode', () => {
    expect(escaped('a\u0000b\u001fc\ud800d\udc00e\uffff\u009f')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffd\ufffd');
    expect(escaped('ñ \u{1f35e} שלום\n\t')).toBe('ñ \u{1f35e} שלום\n\t');
  });
});

describe('isolated', () => {
  it('should set a name apart and take what turns the text behind it', () => {
    expect(isolated(' \u202etxt.exe\u2069  \n x ')).toBe('\u2068txt.exe x\u2069');
  });
});

describe('pathThrough', () => {
  it('should draw lines, areas, and a dot for one point', () => {
    expect(pathThrough([])).toBe('');
    expect(pathThrough([[1, 2]])).toBe('M1 2h0');
    const points = [
      [0, 0],
      [1 / 3, -0.001],
    ] as const;
    expect(pathThrough(points, true)).toBe('M0 0L0.33 0Z');
  });
});
