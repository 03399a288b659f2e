/** How keepalived finds out whether a real server works. Times in seconds. */
export interface HealthCheck {
  readonly kind: { readonly type: 'tcp' } | { readonly type: 'http'; readonly path: string; readonly status: number };
  /** delay_loop. */
  readonly interval: number;
  /** connect_timeout. */
  readonly timeout: number;
  /** Retries before the server is removed. */
  readonly retries: number;
  /** delay_before_retry. */
  readonly retryDelay: number;
}
