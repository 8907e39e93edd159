import type { FeatureName } from '../kernel/feature-name';

/** The features of this instance: all but those that the host has left out. */
export class InstalledFeatures {
  constructor(private readonly names: readonly FeatureName[]) {}

  has(name: FeatureName): boolean {
    return this.names.includes(name);
  }
}
