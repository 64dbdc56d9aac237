import type { ProblemDefinition } from './problem-definition.js';

/** Problems of the protocol itself: any operation may answer them. */
export const HTTP_PROBLEMS = {
  'http.bad_request': { status: 400, title: { es: 'Petición incorrecta', en: 'Bad request' } },
  'http.malformed_json': {
    status: 400,
    title: { es: 'JSON mal formado', en: 'Malformed JSON' },
    detail: { es: 'El cuerpo no es JSON válido.', en: 'The body is not valid JSON.' },
  },
  'http.empty_body': {
    status: 400,
    title: { es: 'Falta el cuerpo', en: 'Body missing' },
    detail: { es: 'Se anunció JSON pero el cuerpo está vacío.', en: 'JSON was announced but the body is empty.' },
  },
  'http.malformed_url': { status: 400, title: { es: 'URL mal formada', en: 'Malformed URL' } },
  'http.validation_failed': {
    status: 400,
    title: { es: 'Datos no válidos', en: 'Invalid data' },
    detail: { es: 'Revise los campos indicados en errors.', en: 'See the fields listed in errors.' },
  },
  'http.invalid_cursor': {
    status: 400,
    title: { es: 'Cursor no válido', en: 'Invalid cursor' },
    detail: {
      es: 'Use el nextCursor de la página anterior de esta misma lista.',
      en: 'Use the nextCursor of the previous page of this same list.',
    },
  },
  'http.invalid_idempotency_key': {
    status: 400,
    title: { es: 'Idempotency-Key no válida', en: 'Invalid Idempotency-Key' },
    detail: { es: 'De 1 a 255 caracteres ASCII visibles.', en: '1 to 255 visible ASCII characters.' },
  },
  'http.not_found': {
    status: 404,
    title: { es: 'No encontrado', en: 'Not found' },
    detail: { es: 'No existe o no está a su alcance.', en: 'It does not exist or is out of your reach.' },
  },
  'http.unknown_route': {
    status: 404,
    title: { es: 'Ruta desconocida', en: 'Unknown route' },
    detail: { es: 'La API no tiene esta ruta.', en: 'The API has no such route.' },
  },
  'http.method_not_allowed': {
    status: 405,
    title: { es: 'Método no permitido', en: 'Method not allowed' },
    detail: { es: 'Métodos de esta ruta: {allow}.', en: 'Methods of this route: {allow}.' },
  },
  'http.not_acceptable': { status: 406, title: { es: 'Formato no disponible', en: 'Format not available' } },
  'http.idempotency_in_progress': {
    status: 409,
    title: { es: 'Petición en curso', en: 'Request in progress' },
    detail: {
      es: 'Una petición con esta Idempotency-Key todavía se ejecuta.',
      en: 'A request with this Idempotency-Key is still running.',
    },
    retryAfter: 1,
  },
  'http.conflict': { status: 409, title: { es: 'Conflicto', en: 'Conflict' } },
  'http.still_referenced': {
    status: 409,
    title: { es: 'Todavía está en uso', en: 'Still in use' },
    detail: { es: 'Otros registros lo usan; desactívelo en su lugar.', en: 'Other records use it; deactivate it instead.' },
  },
  'http.duplicate': { status: 409, title: { es: 'Ya existe', en: 'Already exists' } },
  'http.busy': {
    status: 503,
    title: { es: 'Registro ocupado', en: 'Record busy' },
    detail: {
      es: 'Otra operación lo modifica; repita la petición.',
      en: 'Another operation is changing it; repeat the request.',
    },
    retryAfter: 1,
  },
  'http.precondition_failed': {
    status: 412,
    title: { es: 'La versión cambió', en: 'The version changed' },
    detail: {
      es: 'Alguien lo modificó; léalo de nuevo y repita con su ETag.',
      en: 'Somebody changed it; read it again and repeat with its ETag.',
    },
  },
  'http.body_too_large': {
    status: 413,
    title: { es: 'Cuerpo demasiado grande', en: 'Body too large' },
    detail: { es: 'El cuerpo excede el tamaño admitido.', en: 'The body exceeds the accepted size.' },
  },
  'http.uri_too_long': { status: 414, title: { es: 'URL demasiado larga', en: 'URL too long' } },
  'http.unsupported_media_type': {
    status: 415,
    title: { es: 'Tipo de contenido no admitido', en: 'Unsupported media type' },
    detail: {
      es: 'Envíe application/json, o multipart/form-data donde se suben archivos.',
      en: 'Send application/json, or multipart/form-data where files are uploaded.',
    },
  },
  'http.unprocessable': { status: 422, title: { es: 'No se puede procesar', en: 'Cannot be processed' } },
  'http.idempotency_mismatch': {
    status: 422,
    title: { es: 'Idempotency-Key ya usada', en: 'Idempotency-Key already used' },
    detail: { es: 'La clave se usó con otra petición.', en: 'The key was used with another request.' },
  },
  'http.precondition_required': {
    status: 428,
    title: { es: 'Falta If-Match', en: 'If-Match missing' },
    detail: { es: 'Envíe If-Match con el ETag que leyó.', en: 'Send If-Match with the ETag you read.' },
  },
  'http.too_many_requests': {
    status: 429,
    title: { es: 'Demasiadas peticiones', en: 'Too many requests' },
    detail: {
      es: 'Se superó el límite; espere los segundos de Retry-After.',
      en: 'The limit was exceeded; wait the seconds of Retry-After.',
    },
  },
  'http.headers_too_large': { status: 431, title: { es: 'Cabeceras demasiado grandes', en: 'Headers too large' } },
  'http.internal': {
    status: 500,
    title: { es: 'Error interno', en: 'Internal error' },
    detail: { es: 'El fallo quedó registrado con este requestId.', en: 'The failure was recorded under this requestId.' },
  },
  'http.overloaded': {
    status: 503,
    title: { es: 'Servicio saturado', en: 'Service overloaded' },
    detail: { es: 'Espere los segundos de Retry-After y repita.', en: 'Wait the seconds of Retry-After and repeat.' },
    retryAfter: 1,
  },
  'http.unavailable': {
    status: 503,
    title: { es: 'Servicio no disponible', en: 'Service unavailable' },
    detail: { es: 'Espere los segundos de Retry-After y repita.', en: 'Wait the seconds of Retry-After and repeat.' },
    retryAfter: 2,
  },
  'http.timeout': {
    status: 503,
    title: { es: 'La operación tardó demasiado', en: 'The operation took too long' },
    detail: {
      es: 'Se canceló sin cambios; acote la consulta o repita.',
      en: 'It was cancelled without changes; narrow the query or repeat.',
    },
    retryAfter: 2,
  },
} as const satisfies Record<string, ProblemDefinition>;
