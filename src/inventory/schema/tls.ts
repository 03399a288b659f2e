import * as z from 'zod';
import { required } from './key.ts';
import { localPath } from './text.ts';

/** A certificate and its key, both PEM files of the operator's machine. */
export const tls = z.strictObject({
  certificate: required(localPath, 'PEM file of this machine: the certificate, then those that it is signed by.'),
  key: required(localPath, 'PEM file of this machine: its private key, without a passphrase. A secret.'),
});
