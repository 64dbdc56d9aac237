import type { CatalogFunction, CatalogSchema, CatalogTable, CatalogView, NamedText } from './catalog.js';

/** A schema of the document with what is said of it before its tables. */
export interface Chapter {
  title: string;
  text: string;
  schema: CatalogSchema;
}

/** Names of roles carry the database's and the tenant's: the document says what they stand for. */
function withoutNames(text: string): string {
  return text
    .replaceAll(/'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'::uuid/g, "'id of the tenant'::uuid")
    .replaceAll(/\bflx_[0-9a-f]{8}_[0-9a-f]{32}\b/g, 'tenant_role')
    .replaceAll(/\bflx_[0-9a-f]{8}_([a-z]+)\b/g, '$1_role');
}

const oneLine = (text: string) => withoutNames(text).replaceAll(/\s+/g, ' ').trim();
/** A pipe would end a table's cell. */
const cell = (text: string) => oneLine(text).replaceAll('|', '\\|');
const code = (text: string) => (text === '' ? '' : `\`${cell(text)}\``);

function columnsOf({ columns }: CatalogTable): string[] {
  return [
    '| column | type | null | default | comment |',
    '|---|---|---|---|---|',
    ...columns.map(({ name, type, nullable, expression, generated, comment }) => {
      const value = expression === null ? '' : `${generated ? 'always ' : ''}${code(expression)}`;
      return `| ${name} | ${type} | ${nullable ? 'yes' : ''} | ${value} | ${cell(comment ?? '')} |`;
    }),
  ];
}

function listOf(title: string, rows: NamedText[], shorten: (text: string) => string = (text) => text): string[] {
  if (rows.length === 0) return [];
  return ['', `${title}:`, ...rows.map(({ name, text }) => `- ${name}: \`${shorten(oneLine(text))}\``)];
}

/** Only what tells one from another: the name and the table stand above it. */
const indexText = (text: string) =>
  text.replace(/^CREATE (UNIQUE )?INDEX \S+ ON (?:ONLY )?\S+ USING /, (_, unique) => unique ?? '');
const triggerText = (text: string) => text.replace(/^CREATE (?:CONSTRAINT )?TRIGGER \S+ /, '').replace(/ ON \S+ /, ' ');

function tableText(table: CatalogTable): string[] {
  return [
    '',
    `### ${table.name}`,
    ...(table.comment ? ['', oneLine(table.comment)] : []),
    '',
    ...columnsOf(table),
    ...listOf('Constraints', table.constraints),
    ...listOf('Indexes', table.indexes, indexText),
    ...listOf('Triggers', table.triggers, triggerText),
    ...listOf(`Policies (row-level security ${table.rowSecurity})`, table.policies),
  ];
}

function viewsText(views: CatalogView[]): string[] {
  if (views.length === 0) return [];
  const rows = views.map(({ name, comment, columns }) => {
    const list = columns.map((column) => `${column.name} ${column.text}`).join(', ');
    return `- **${name}** (${list})${comment ? `: ${oneLine(comment)}` : ''}`;
  });
  return ['', '### Views', '', ...rows];
}

function functionsText(functions: CatalogFunction[]): string[] {
  if (functions.length === 0) return [];
  const rows = functions.map(({ name, arguments: taken, returns, definer, comment }) => {
    const said = comment ? `: ${oneLine(comment)}` : '';
    return `- \`${name}(${oneLine(taken)})\` returns \`${oneLine(returns)}\`${definer ? ', security definer' : ''}${said}`;
  });
  return ['', '### Functions', '', ...rows];
}

/** The document as Markdown, the same for every database that was prepared from the same files. */
export function renderSchemas(head: string, chapters: readonly Chapter[]): string {
  const lines = chapters.flatMap(({ title, text, schema }) => [
    '',
    `## ${title}`,
    '',
    text,
    ...schema.tables.flatMap(tableText),
    ...viewsText(schema.views),
    ...functionsText(schema.functions),
  ]);
  return `${[head, ...lines].join('\n')}\n`;
}
