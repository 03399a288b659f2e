import type { Secret } from '../../secret.ts';

/** A certificate chain and its private key, both PEM. */
export interface Tls {
  readonly certificate: string;
  readonly key: Secret;
}
