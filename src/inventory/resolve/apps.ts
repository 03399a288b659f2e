import { known } from '../../secret.ts';
import type { App, AppFile, AppText } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { readLocalText } from './local-text.ts';
import { resolveSecret } from './secret.ts';
import { localFile } from './settings.ts';

type WrittenApp = NonNullable<Written['apps']>[string];
type WrittenFile = NonNullable<WrittenApp['files']>[string];

/** The apps, with the texts of their files. */
export function resolveApps(written: Written, context: Context): App[] {
  return Object.entries(written.apps ?? {}).map(([name, app]) => {
    const path = ['apps', name];
    return {
      name,
      hosts: context.select(app.hosts, [...path, 'hosts']),
      packages: app.packages ?? [],
      folders: Object.entries(app.folders ?? {}).map(([folder, { mode }]) => ({ path: folder, mode: octal(mode) })),
      files: Object.entries(app.files ?? {}).flatMap(([to, file]) =>
        resolveFile(to, file, [...path, 'files', to], context),
      ),
      unit: app.unit,
      ready: { port: app.ready?.port, command: app.ready?.command },
    };
  });
}

function resolveFile(to: string, file: WrittenFile, path: Path, context: Context): AppFile[] {
  const text = textOf(file, path, context);
  if (text === undefined) return [];
  const owner = file.owner ?? 'root';
  const secret = file.secret === true || typeof file.content === 'object';
  // It is masked wherever it turns up.
  if (secret && text.type === 'plain') known.add(text.content);
  return [
    {
      path: to,
      text,
      owner,
      group: file.group ?? owner,
      mode: octal(file.mode) ?? (secret ? '0600' : '0644'),
      onChange: file.onChange ?? 'reload',
      validate: file.validate,
      secret,
    },
  ];
}

function textOf({ content, source, template }: WrittenFile, path: Path, context: Context): AppText | undefined {
  const [one, ...more] = Object.entries({ content, source, template }).filter(([, value]) => value !== undefined);
  if (one === undefined || more.length > 0) {
    const message =
      one === undefined ? 'this file has no text' : `${[one, ...more].map(([key]) => key).join(' and ')} say it twice`;
    context.report('app-file', path, message, 'write one of content:, source: and template:', 'key');
    return undefined;
  }
  if (typeof content === 'object') {
    const secret = resolveSecret(content, [...path, 'content'], context)?.asText();
    return { type: 'plain', content: secret?.reveal() ?? '' };
  }
  if (content !== undefined) return { type: 'plain', content };
  const [key, file] = source === undefined ? (['template', template ?? ''] as const) : (['source', source] as const);
  const text = readLocalText(file, [...path, key], context);
  if (text === undefined) return undefined;
  return template === undefined
    ? { type: 'plain', content: text }
    : { type: 'template', path: localFile(template, context), source: text };
}

/** A mode in quotes, or as YAML reads an octal number without them (0o644). */
function octal(mode: string | number | undefined): string | undefined {
  if (mode === undefined) return undefined;
  return (typeof mode === 'number' ? mode.toString(8) : mode).padStart(4, '0');
}
