/** Something the lab could not do, for people: what happened, and what to type next. Bugs are plain errors instead. */
export class LabFailure extends Error {
  /** What to do about it; empty when there is nothing to say. */
  readonly hint: string;

  constructor(message: string, hint = '') {
    super(message);
    this.name = 'LabFailure';
    this.hint = hint;
  }
}
