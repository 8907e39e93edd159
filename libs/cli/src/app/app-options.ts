/** Which app a command is about. */
export interface AppOptions {
  /** Path of the `regstack.toml`; the secrets file lies beside it. Default: `$REGSTACK_CONFIG`, else the one in the working directory. */
  readonly config?: string;
  /** Compiled file that exports the module of an app, for options that come from code. Default: none. */
  readonly module?: string;
}
