import { Liquid, type Template } from 'liquidjs';
import type { RegStackConfig } from '../config/regstack.config';
import { BootError } from '../kernel/boot.error';
import { packageFile } from '../kernel/package-file';

/**
 * An engine for the templates of messages; those in a directory of `extra_template_dirs` go before ours, parts and layouts too.
 * `templates/…` names one of ours whatever the host has. All of them, parts as well, see the name, logo and tagline of the app.
 */
export function templateEngine(
  config: RegStackConfig,
  options: { readonly outputEscape?: 'escape' } = {},
): Liquid {
  const { appName, brandTagline, extraTemplateDirs } = config;
  // There is no `mail` and no `sms` in the first.
  const root = [packageFile('src/delivery'), ...extraTemplateDirs, packageFile('src/delivery/templates')];
  const globals = { app_name: appName, tagline: brandTagline, logo: logoOf(config) };
  return new Liquid({ root, globals, ownPropertyOnly: true, cache: true, ...options });
}

/**
 * A template, read with every layout and part that it names, and rendered with samples: one that fails only then would fail a request, and
 * tell by that whose mail it was.
 * @throws BootError when one of them, the host's perhaps, is missing, or cannot be parsed or rendered
 */
export function readTemplate(engine: Liquid, name: string, samples: readonly object[]): Template[] {
  try {
    const template = engine.parseFileSync(name);
    engine.analyzeSync(template);
    for (const values of samples) engine.renderSync(template, values);
    return template;
  } catch (error) {
    throw new BootError(`a template cannot be read: ${(error as Error).message}`);
  }
}

/** Where a mail finds the logo. Null for an SVG as well: most programs for mail show none. */
function logoOf({ brandLogoUrl, baseUrl }: RegStackConfig): string | null {
  const logo = brandLogoUrl === null ? null : new URL(brandLogoUrl, baseUrl);
  return logo === null || /\.svg$/i.test(logo.pathname) ? null : logo.href;
}
