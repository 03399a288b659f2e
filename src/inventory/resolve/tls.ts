import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Secret } from '../../secret.ts';
import type { Tls } from '../cluster.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { readLocalText } from './local-text.ts';
import { resolveSecret, type WrittenSecret } from './secret.ts';
import { localFile } from './settings.ts';

/** Reads a certificate and its key; what is not PEM, or does not fit together, is reported at its place. */
export function resolveTls(
  written: { readonly certificate: string; readonly key: WrittenSecret } | undefined,
  path: Path,
  context: Context,
): Tls | undefined {
  if (written === undefined) return undefined;
  const certificate = readLocalText(written.certificate, [...path, 'certificate'], context);
  const key = keyOf(written.key, [...path, 'key'], context);
  if (certificate === undefined) return undefined;
  // That there is no key has been said, or it is yet to be asked for: what else is said of the site still holds.
  if (key === undefined) return { certificate, key: new Secret('', 'nowhere') };
  const problem = fault(certificate, key);
  if (problem !== undefined) {
    context.report('tls', [...path, problem.at], problem.message, problem.hint);
    return undefined;
  }
  return { certificate, key };
}

/** A plain text is the path of a file here, and not the key itself. */
function keyOf(written: WrittenSecret, path: Path, context: Context): Secret | undefined {
  if (typeof written !== 'string') return resolveSecret(written, path, context)?.asText();
  const text = readLocalText(written, path, context);
  return text === undefined ? undefined : new Secret(text, `file ${localFile(written, context)}`);
}

function fault(
  certificate: string,
  key: Secret,
): { readonly at: 'certificate' | 'key'; readonly message: string; readonly hint: string } | undefined {
  const read = attempt(() => new X509Certificate(certificate));
  if (read === undefined)
    return {
      at: 'certificate',
      message: 'this is no certificate',
      hint: 'it has to be PEM: -----BEGIN CERTIFICATE-----',
    };
  const opened = attempt(() => createPrivateKey(key.reveal()));
  if (opened === undefined)
    return { at: 'key', message: 'this is no private key, or it has a passphrase', hint: 'it has to be PEM, in clear' };
  if (read.checkPrivateKey(opened)) return undefined;
  return {
    at: 'key',
    message: 'this is not the key of the certificate',
    hint: "the first certificate in the file has to be the site's own",
  };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
