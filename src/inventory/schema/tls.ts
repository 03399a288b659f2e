import * as z from 'zod';
import { required } from './key.ts';
import { secretSource } from './secret.ts';
import { localPath } from './text.ts';

/** A certificate and its key, both PEM files of the operator's machine. */
export const tls = z.strictObject({
  certificate: required(localPath, 'PEM file of this machine: the certificate, then those that it is signed by.'),
  key: required(
    z.union([localPath, secretSource]),
    'Its private key, without a passphrase: a PEM file of this machine, or where else it is. A secret.',
  ),
});
