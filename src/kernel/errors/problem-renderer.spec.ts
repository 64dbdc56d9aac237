import { NotFoundException } from '@nestjs/common';
import { FIELD_MESSAGES, describeFieldError } from './field-errors.js';
import { ProblemError } from './problem-error.js';
import { renderProblem } from './problem-renderer.js';
import { PROBLEMS, problemDefinition, type ProblemCode } from './problems.js';

const codes = Object.keys(PROBLEMS) as ProblemCode[];
const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted();

describe('the closed lists', () => {
  it('should give every problem a client or service status and the same params in both languages', () => {
    for (const code of codes) {
      const { status, title, detail } = problemDefinition(code);
      expect([code, status >= 400 && status < 600]).toEqual([code, true]);
      expect([code, names(title.es)]).toEqual([code, names(title.en)]);
      expect([code, names(detail?.es ?? '')]).toEqual([code, names(detail?.en ?? '')]);
      expect([code, status !== 503 || problemDefinition(code).retryAfter !== undefined]).toEqual([code, true]);
    }
    for (const [code, text] of Object.entries(FIELD_MESSAGES)) expect([code, names(text.es)]).toEqual([code, names(text.en)]);
  });

  it('should name codes area.snake_case', () => {
    expect(codes.filter((code) => !/^[a-z]+\.[a-z][a-z_]*$/.test(code))).toEqual([]);
  });
});

describe('renderProblem', () => {
  it('should fill texts in the language and keep extra members', () => {
    const error = new ProblemError('inventory.insufficient_stock', {
      errors: [{ pointer: '/items/0', code: 'field.insufficient_stock', productId: 'p', requested: '5', available: '2.0000' }],
      extra: { store: 's' },
    });
    const { status, body } = renderProblem(error, 'en', 'r1');
    expect(status).toBe(409);
    expect(body).toEqual({
      type: 'urn:fluxion:problem:inventory.insufficient_stock',
      title: 'Insufficient stock',
      status: 409,
      code: 'inventory.insufficient_stock',
      detail: 'Nothing was recorded; errors says what is available of each product.',
      requestId: 'r1',
      store: 's',
      errors: [
        {
          pointer: '/items/0',
          code: 'field.insufficient_stock',
          message: 'Requested 5, available 2.0000.',
          productId: 'p',
          requested: '5',
          available: '2.0000',
        },
      ],
    });
  });

  it('should not let extra members replace the standard ones', () => {
    const { body } = renderProblem(new ProblemError('http.conflict', { extra: { status: 200, code: 'x' } }), 'es', 'r');
    expect(body).toMatchObject({ status: 409, code: 'http.conflict' });
  });

  it.each([
    [new Error('boom'), 500, 'http.internal'],
    ['text', 500, 'http.internal'],
    [new NotFoundException('Cannot GET /secret'), 404, 'http.not_found'],
    [Object.assign(new Error('x'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 413, 'http.body_too_large'],
    [Object.assign(new SyntaxError('Unexpected token'), { statusCode: 400 }), 400, 'http.malformed_json'],
    [Object.assign(new Error('x'), { statusCode: 418 }), 400, 'http.bad_request'],
    [Object.assign(new Error('no connection'), { name: 'PoolSaturatedError' }), 503, 'http.overloaded'],
  ])('should render %p', (error, status, code) => {
    const { body, headers } = renderProblem(error, 'en', 'r');
    expect(body).toMatchObject({ status, code });
    expect(JSON.stringify(body)).not.toMatch(/boom|secret|Unexpected|no connection/);
    expect(headers['retry-after']).toBe(status === 503 ? '1' : undefined);
  });

  it.each([
    ['es', 'Formato no válido; se espera una fecha.', 'una fecha'],
    ['en', 'Invalid format; a date is expected.', 'a date'],
  ] as const)('should say what is expected in the caller’s language: %s', (locale, message, expected) => {
    const error = { pointer: '/a', code: 'field.format', expected: { es: 'una fecha', en: 'a date' }, limit: 3 } as const;
    expect(describeFieldError(error, locale)).toEqual({ pointer: '/a', code: 'field.format', message, expected, limit: 3 });
  });

  it('should take a message of the thrower over the standard one', () => {
    const message = { es: 'Propio.', en: 'Own.' };
    expect(describeFieldError({ pointer: '/a', code: 'field.rule', message }, 'en').message).toBe('Own.');
    expect(describeFieldError({ pointer: '/a', code: 'field.rule', message: 'own' }, 'es').message).toBe('own');
  });
});
