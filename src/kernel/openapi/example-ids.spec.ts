import type { Document } from './document.js';
import { EXAMPLE_ID, fillExamples } from './example-ids.js';

const id = { name: 'id', in: 'path' };
const document = (): Document => ({
  paths: {
    '/v1/stores/{id}': {
      get: { operationId: 'getStore', parameters: [{ ...id }], responses: {} },
      delete: { operationId: 'deactivateStore', parameters: [{ ...id }], responses: {} },
    },
    '/v1/inventory/{productId}/{storeId}': {
      get: {
        parameters: [
          { name: 'productId', in: 'path' },
          { name: 'storeId', in: 'path' },
          { name: 'storeId', in: 'query' },
        ],
        responses: {},
      },
    },
    '/v1/purchase-orders': {
      post: {
        requestBody: {
          content: {
            'application/json': {
              examples: {
                one: {
                  value: {
                    storeId: EXAMPLE_ID,
                    items: [{ productId: EXAMPLE_ID, quantity: '1' }],
                    storeIds: [EXAMPLE_ID],
                    notes: EXAMPLE_ID,
                  },
                },
              },
            },
          },
        },
        responses: {},
      },
    },
  },
  components: {
    schemas: {
      Body: {
        properties: { storeId: { format: 'uuid' }, clientId: { format: 'uuid', example: null }, supplierId: { format: 'uuid' } },
      },
    },
  },
});
const ids = { '/v1/stores': 'S', storeId: 'S', deactivateStore: 'EMPTY', productId: 'P', clientId: 'C' };

describe('fillExamples', () => {
  it('should name existing things in paths, bodies and schemas', () => {
    const { paths, components } = fillExamples(document(), ids);
    expect(paths['/v1/stores/{id}']?.['get']?.parameters).toEqual([{ ...id, schema: { example: 'S' } }]);
    expect(paths['/v1/inventory/{productId}/{storeId}']?.['get']?.parameters).toEqual([
      { name: 'productId', in: 'path', schema: { example: 'P' } },
      { name: 'storeId', in: 'path', schema: { example: 'S' } },
      { name: 'storeId', in: 'query' },
    ]);
    expect(paths['/v1/purchase-orders']?.['post']?.requestBody?.content['application/json']?.examples?.['one']?.value).toEqual({
      storeId: 'S',
      items: [{ productId: 'P', quantity: '1' }],
      storeIds: ['S'],
      notes: EXAMPLE_ID,
    });
    expect(components?.schemas?.['Body']?.properties).toEqual({
      storeId: { format: 'uuid', example: 'S' },
      clientId: { format: 'uuid', example: null },
      supplierId: { format: 'uuid' },
    });
  });

  it('should give an operation the thing that it asks for, before that of its collection', () => {
    const { paths } = fillExamples(document(), ids);
    expect(paths['/v1/stores/{id}']?.['delete']?.parameters).toEqual([{ ...id, schema: { example: 'EMPTY' } }]);
  });

  it('should leave the given document alone', () => {
    const given = document();
    fillExamples(given, ids);
    expect(given).toEqual(document());
  });
});
