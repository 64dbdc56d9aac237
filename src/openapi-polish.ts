import type { OpenAPIObject } from '@nestjs/swagger';

/** What is true of every operation is added to the document here, once. */
export function polishDocument(document: OpenAPIObject): OpenAPIObject {
  return document;
}
