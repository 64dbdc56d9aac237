/** Passwords everybody tries first, in the form `simplified` gives them. */
const COMMON = new Set(
  `password passw0rd password1 password12 password123 12345678 123456789 1234567890 87654321 qwertyui qwertyuiop qwerty12 qwerty123
   asdfghjk asdfghjkl 1q2w3e4r 1qaz2wsx iloveyou sunshine princess football baseball superman letmein1 welcome1 admin123 admin1234
   administrador contrasena contraseña contrasena1 contraseña1 clave123 clave1234 venezuela bienvenido fluxion1 fluxion123 changeme`.split(
    /\s+/,
  ),
);

function simplified(password: string): string {
  return password.toLowerCase().replace(/[^\p{L}\p{N}]+$/u, '');
}

/** One letter after the other, up or down: abcdefgh, 98765432. */
function isRun(password: string): boolean {
  const points = Array.from(password, (letter) => letter.codePointAt(0) as number);
  const steps = new Set(points.slice(1).map((point, i) => point - (points[i] as number)));
  return steps.size <= 1 && Math.abs([...steps][0] ?? 0) <= 1;
}

/** What is hashed: the same password typed on another keyboard or system gives the same bytes (NIST SP 800-63B, 5.1.1.2). */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * Whether a guesser would come upon the password within the few attempts that the lockout allows. Length is checked by the DTO (8 or
 * more); no rule asks for kinds of characters, which makes passwords worse.
 */
export function isWeakPassword(password: string, known: { email?: string; name?: string; slug?: string }): boolean {
  const normal = normalizePassword(password);
  if (new Set(normal).size < 4 || isRun(normal)) return true;
  const simple = simplified(normal);
  if (COMMON.has(simple)) return true;
  const own = [known.email, known.email?.split('@')[0], known.name, known.slug];
  return own.some((word) => word !== undefined && simplified(word) === simple);
}
