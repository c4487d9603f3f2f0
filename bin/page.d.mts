export function isBuilt(): boolean;
export function buildPage(): Promise<void>;
