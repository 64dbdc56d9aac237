import { isWeakPassword, normalizePassword } from './password-rules.js';

describe('isWeakPassword', () => {
  it.each(['password', 'Password1', 'contraseña', 'qwerty123!', '11111111', 'abcdefgh', '98765432', 'abababab'])(
    'should refuse %s',
    (password) => {
      expect(isWeakPassword(password, {})).toBe(true);
    },
  );

  it.each(['correct horse battery', 'Ñandú-2026-caracas', 'f8!kQ2_z'])('should take %s', (password) => {
    expect(isWeakPassword(password, { email: 'ana@tienda.example', slug: 'tienda-ana' })).toBe(false);
  });

  it('should refuse what is known of the person', () => {
    const known = { email: 'maria.perez@tienda.example', name: 'María Pérez', slug: 'tienda-maria' };
    expect(isWeakPassword('maria.perez', known)).toBe(true);
    expect(isWeakPassword('Tienda-Maria!', known)).toBe(true);
    expect(isWeakPassword('maria.perez@tienda.example', known)).toBe(true);
  });
});

describe('normalizePassword', () => {
  it('should give one text for two spellings of a letter', () => {
    expect(normalizePassword('contrasen\u0303a')).toBe(normalizePassword('contrase\u00f1a'));
  });
});
