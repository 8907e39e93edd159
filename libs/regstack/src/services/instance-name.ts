/** Name of one instance of the module. Issuer, audience, keys and cookies are derived from it, so that two can live in one app. */
export class InstanceName {
  constructor(readonly value: string) {}

  /** `regstack`, or `regstack-<name>` for any other than the default instance. */
  get slug(): string {
    return this.value === 'default' ? 'regstack' : `regstack-${this.value}`;
  }

  /** Where the files of its pages are: below `static_prefix`, which several instances may have in common. */
  filesUnder(staticPrefix: string): string {
    return this.value === 'default' ? staticPrefix : `${staticPrefix}/${this.value}`;
  }
}
