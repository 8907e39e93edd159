import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';

const readPublic = (name: string): string => readFileSync(join(__dirname, '..', 'public', name), 'utf8');

/** What makes the pages look like the demo's own: its files stand in `theme_css_url` and `brand_logo_url`. */
@Controller()
export class BrandController {
  private readonly themeCss = readPublic('theme.css');
  private readonly logoSvg = readPublic('logo.svg');

  @Get('theme.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'no-cache')
  theme(): string {
    return this.themeCss;
  }

  @Get('logo.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'no-cache')
  logo(): string {
    return this.logoSvg;
  }
}
