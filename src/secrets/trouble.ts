/** Why a secret could not be had, for the operator; never holds the secret. */
export interface SecretTrouble {
  /** The end of a sentence that begins with what was asked. */
  readonly message: string;
  readonly hint?: string;
}
