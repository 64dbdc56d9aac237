import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DemoExamples } from './kernel/openapi/demo-examples.js';
import { fillExamples } from './kernel/openapi/example-ids.js';
import { polishDocument } from './kernel/openapi/polish.js';

const DESCRIPTION = `Multi-tenant retail back end: catalogue, stock, sales, purchasing, demand forecasts and low-stock alerts.

Authorize once with the access token of \`POST /v1/auth/login\`, or with an API key; it alone names the tenant. Decimals are strings ("3.2500"); a JSON number is taken on input.
Errors are application/problem+json (RFC 9457) with a \`code\` of a closed list; their language follows Accept-Language (es, en).`;

const BEARER = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'Access token of log-in, a JWT according to RFC8725 (one algorithm, audience and expiry checked), or an API key (flx_...).',
} as const;

/** The OpenAPI 3.1 document of the routes that `app` has. */
export function buildDocument(app: INestApplication, server = '/'): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Fluxion')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(server)
    .addBearerAuth(BEARER, 'bearer')
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    autoTagControllers: false,
  });
  return polishDocument(document);
}

/** What Swagger UI gives to its plug-ins, as far as it is needed here. */
interface SwaggerSystem {
  React: { createElement: (type: unknown, properties: object) => unknown };
}

interface ResponseBody {
  content: unknown;
  contentType?: string;
}

/**
 * Plug-in of Swagger UI: shows an SVG answer as a picture, as it does with other pictures, where it would print the source. As an image a
 * drawing runs nothing and loads nothing. The text of this function goes to the browser: it stands alone, and nothing in it may need a
 * helper of the bundler (methods keep their names without one).
 */
function showDrawings() {
  return {
    wrapComponents: {
      responseBody(original: unknown, { React }: SwaggerSystem) {
        return (properties: ResponseBody) => {
          const { content, contentType } = properties;
          if (typeof content !== 'string' || !String(contentType).startsWith('image/svg+xml'))
            return React.createElement(original, properties);
          const src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(content)}`;
          return React.createElement('img', { src, alt: '', style: { maxWidth: '100%' } });
        };
      },
    },
  };
}

/** Swagger UI at /docs and the document at /docs-json. Built at the first look: a start does not pay for it. */
export function setUpDocs(app: INestApplication, server?: string): void {
  SwaggerModule.setup('docs', app, () => buildDocument(app, server), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'Fluxion API',
    // examples name things of the demo, so that they run as they stand
    patchDocumentOnRequest: async (_request: unknown, _response: unknown, document: OpenAPIObject) =>
      fillExamples(document, await app.get(DemoExamples).ids()),
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      docExpansion: 'none',
      filter: true,
      tryItOutEnabled: true,
      plugins: [showDrawings],
    },
  });
}
