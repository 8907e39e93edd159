import { Controller, Get, Param, Query, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AccountError } from '../kernel/errors';
import { StaticFiles } from '../ui/static-files';
import { Public } from './access';
import { ProblemFilter } from './problem.filter';
import { setHeaders } from './set-headers';
import { NotInApiDocument } from './not-in-api-document';

/**
 * `GET /regstack-static/:file`: what pages load. Their URLs name a version, so browsers keep them; under the name of another version, which
 * somebody may ask a cache in front for before that version is here, nobody does.
 */
@Controller({ version: VERSION_NEUTRAL })
@Public()
@UseFilters(ProblemFilter)
@NotInApiDocument()
export class StaticFilesController {
  constructor(
    private readonly files: StaticFiles,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  @Get(':file')
  send(@Param('file') name: string, @Query('v') version: unknown, @Res() response: unknown): void {
    const file = this.files.find(name);
    if (!file) throw new AccountError('request.not_found');
    setHeaders(this.adapterHost, response, {
      'content-type': file.type,
      'cache-control': version === this.files.version ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    this.adapterHost.httpAdapter.reply(response, file.body, 200);
  }
}
