export function withPackedLinks(text: string, file: string, isPacked: (name: string) => boolean): string;
