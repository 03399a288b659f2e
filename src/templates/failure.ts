/** Why a template could not be rendered. */
export interface TemplateFailure {
  /** Path of the template. */
  readonly template: string;
  /** 1-based; 0 when the place is not known. */
  readonly line: number;
  readonly message: string;
}

/** Thrown where a template is rendered, so that roles stay plain functions; caught where the desired state is put together. */
export class TemplateError extends Error {
  readonly failure: TemplateFailure;

  constructor(failure: TemplateFailure) {
    super(failure.message);
    this.failure = failure;
  }
}
