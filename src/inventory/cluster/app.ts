/** Any service besides those that lvsctl knows. */
export interface App {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly packages: readonly string[];
  readonly folders: readonly AppFolder[];
  readonly files: readonly AppFile[];
  /** As the host's service manager names it; undefined: packages and files alone. */
  readonly unit: string | undefined;
  readonly ready: AppReady;
}

/** A folder of an app; one without a mode is left as it is when it is there. */
export interface AppFolder {
  readonly path: string;
  /** Octal, four digits. */
  readonly mode: string | undefined;
}

/** A file of an app. */
export interface AppFile {
  readonly path: string;
  readonly text: AppText;
  readonly owner: string;
  readonly group: string;
  /** Octal, four digits. */
  readonly mode: string;
  /** What the unit does when it changes. */
  readonly onChange: 'reload' | 'restart' | 'nothing';
  /** Command and arguments, `%s` for the candidate. */
  readonly validate: readonly string[] | undefined;
  /** Whether its text is shown nowhere. */
  readonly secret: boolean;
}

/** The text of a file as it is, or the source of a template. */
export type AppText =
  | { readonly type: 'plain'; readonly content: string }
  | {
      readonly type: 'template';
      /** Absolute path on the operator's machine, for messages. */
      readonly path: string;
      readonly source: string;
    };

/** What holds once an app does its work; all that is defined does. */
export interface AppReady {
  /** TCP port that something listens on. */
  readonly port: number | undefined;
  /** Command that succeeds. */
  readonly command: readonly string[] | undefined;
}
