import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegStackOptions } from '@regstack/nestjs';

/** Ignored by git; a secret of this machine only. */
const SECRET_FILE = join(__dirname, '..', '.regstack-demo-secret');

/** What the demo sets so that it runs without being configured; files and variables win. In production nothing is made up. */
export function developmentDefaults(env = process.env): RegStackOptions {
  const brand = {
    appName: 'RegStack demo',
    brandTagline: 'Accounts, as they come out of the box',
    brandLogoUrl: '/logo.svg',
    themeCssUrl: '/theme.css',
  };
  const demo = { ...brand, enableAdminRouter: true, enableUiRouter: true };
  if (env['NODE_ENV'] === 'production') return demo;
  const baseUrl = `http://localhost:${env['PORT'] ?? 3000}`;
  // Codes are printed, which production refuses.
  return { ...demo, baseUrl, jwtSecret: developmentSecret(), enableSms2fa: true };
}

/** Made at the first start and kept, so that a restart signs nobody out. Two first starts at once agree on one secret. */
function developmentSecret(): string {
  if (!existsSync(SECRET_FILE)) {
    const draft = `${SECRET_FILE}.${process.pid}`;
    writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600 });
    renameIfAbsent(draft, SECRET_FILE);
  }
  return readFileSync(SECRET_FILE, 'utf8');
}

/** Whole or not at all, and only for the first who comes. */
function renameIfAbsent(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(from);
  }
}
