import type { Path } from './places.ts';

/** A path as people write it: `services.www.realServers[0]`, `hosts["web[1:3]"]`. */
export function showPath(path: Path): string {
  return path
    .map((step, n) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z0-9_*-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return n === 0 ? step : `.${step}`;
    })
    .join('');
}

const step = /^(?:\.?([A-Za-z0-9_*-]+)|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\])/;

/** Reads what {@link showPath} writes; undefined for anything else. */
export function parsePath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  for (let rest = text; rest !== '';) {
    const match = step.exec(rest);
    if (match === null || (path.length > 0 && match[1] !== undefined && !rest.startsWith('.'))) return undefined;
    const [whole, name, index, quoted] = match;
    if (name !== undefined && path.length === 0 && whole.startsWith('.')) return undefined;
    try {
      path.push(name ?? (index === undefined ? (JSON.parse(quoted ?? '') as string) : Number(index)));
    } catch {
      return undefined;
    }
    rest = rest.slice(whole.length);
  }
  return path.length === 0 ? undefined : path;
}
