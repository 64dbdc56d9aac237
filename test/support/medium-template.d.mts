export const TEMPLATE: string;
export function buildTemplate(server: string): Promise<void>;
