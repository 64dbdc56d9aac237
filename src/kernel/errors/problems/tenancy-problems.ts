import type { ProblemDefinition } from './problem-definition.js';

/** Who may enter, and as whom; workspaces, users, jobs and the import engine. */
export const TENANCY_PROBLEMS = {
  'auth.required': {
    status: 401,
    title: { es: 'Autenticación requerida', en: 'Authentication required' },
    detail: {
      es: 'Envíe Authorization: Bearer con un token o una clave de API.',
      en: 'Send Authorization: Bearer with a token or an API key.',
    },
  },
  'auth.invalid_token': { status: 401, title: { es: 'Credencial no válida', en: 'Invalid credential' } },
  'auth.expired_token': { status: 401, title: { es: 'Credencial vencida', en: 'Expired credential' } },
  'auth.invalid_credentials': { status: 401, title: { es: 'Correo o contraseña incorrectos', en: 'Wrong e-mail or password' } },
  'auth.invalid_refresh_token': { status: 401, title: { es: 'Token de renovación no válido', en: 'Invalid refresh token' } },
  'auth.refresh_reused': {
    status: 401,
    title: { es: 'Token de renovación ya usado', en: 'Refresh token already used' },
    detail: {
      es: 'La sesión se cerró por seguridad; inicie sesión de nuevo.',
      en: 'The session was closed for safety; log in again.',
    },
  },
  'auth.locked': {
    status: 429,
    title: { es: 'Acceso bloqueado por intentos fallidos', en: 'Locked after failed attempts' },
    retryAfter: 60,
  },
  'auth.choose_tenant': {
    status: 409,
    title: { es: 'Elija una empresa', en: 'Choose a tenant' },
    detail: {
      es: 'El correo pertenece a varias empresas; repita con tenant.',
      en: 'The e-mail belongs to several tenants; repeat with tenant.',
    },
  },
  'auth.forbidden': {
    status: 403,
    title: { es: 'Sin permiso', en: 'Not permitted' },
    detail: { es: 'Su rol no tiene el permiso {permission}.', en: 'Your role lacks the permission {permission}.' },
  },
  'auth.all_stores_required': {
    status: 403,
    title: { es: 'Requiere acceso a todas las tiendas', en: 'Access to all stores is required' },
    detail: {
      es: 'Su acceso se limita a algunas tiendas y esta operación concierne a toda la empresa.',
      en: 'Your access is held to some stores, and this operation concerns the whole company.',
    },
  },
  'auth.person_required': {
    status: 403,
    title: { es: 'Solo para personas', en: 'For people only' },
    detail: {
      es: 'Una clave de API no tiene sesión ni contraseña y no crea claves; inicie sesión.',
      en: 'An API key has no session and no password, and makes no keys; log in.',
    },
  },
  'auth.wrong_password': { status: 403, title: { es: 'La contraseña actual no es esa', en: 'That is not the current password' } },
  'auth.user_inactive': { status: 403, title: { es: 'Usuario inactivo', en: 'Inactive user' } },
  'tenancy.mismatch': {
    status: 403,
    title: { es: 'Las empresas no coinciden', en: 'Tenants do not agree' },
    detail: {
      es: 'La credencial, X-Tenant y el subdominio deben nombrar la misma empresa.',
      en: 'Credential, X-Tenant and subdomain must name the same tenant.',
    },
  },
  'tenancy.suspended': { status: 403, title: { es: 'Empresa suspendida o inactiva', en: 'Tenant suspended or inactive' } },
  'tenancy.slug_taken': { status: 409, title: { es: 'Ese identificador ya existe', en: 'That slug is taken' } },
  'tenancy.slug_reserved': { status: 409, title: { es: 'Ese identificador está reservado', en: 'That slug is reserved' } },
  'tenancy.protected': { status: 409, title: { es: 'Empresa protegida', en: 'Protected tenant' } },
  'tenancy.sign_up_closed': { status: 403, title: { es: 'El registro está cerrado', en: 'Sign-up is closed' } },
  'tenancy.plan_limit': { status: 403, title: { es: 'Límite del plan alcanzado', en: 'Plan limit reached' } },
  'users.email_taken': { status: 409, title: { es: 'Ese correo ya existe', en: 'That e-mail is taken' } },
  'users.username_taken': { status: 409, title: { es: 'Ese usuario ya existe', en: 'That user name is taken' } },
  'users.last_admin': {
    status: 409,
    title: { es: 'Debe quedar un administrador activo', en: 'One active administrator must remain' },
  },
  'users.weak_password': { status: 400, title: { es: 'Contraseña débil', en: 'Weak password' } },
  'jobs.not_cancellable': {
    status: 409,
    title: { es: 'El trabajo ya no se puede cancelar', en: 'The job can no longer be cancelled' },
  },
  'imports.unreadable_file': { status: 400, title: { es: 'Archivo ilegible', en: 'Unreadable file' } },
  'imports.unknown_columns': { status: 400, title: { es: 'Columnas desconocidas', en: 'Unknown columns' } },
  'imports.missing_columns': { status: 400, title: { es: 'Faltan columnas', en: 'Columns missing' } },
  'imports.file_too_large': { status: 413, title: { es: 'Archivo demasiado grande', en: 'File too large' } },
  'imports.bad_rows': {
    status: 422,
    title: { es: 'Hay líneas con errores; no se importó nada', en: 'Lines with errors; nothing was imported' },
  },
  'imports.interrupted': { status: 500, title: { es: 'La importación se interrumpió', en: 'The import was interrupted' } },
  'imports.unknown_kind': { status: 400, title: { es: 'Tipo de importación desconocido', en: 'Unknown import kind' } },
  'imports.already_running': {
    status: 409,
    title: { es: 'Este archivo ya se está importando', en: 'This file is being imported already' },
  },
} as const satisfies Record<string, ProblemDefinition>;
