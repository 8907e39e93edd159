import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock';
import type { RegStackUser } from '../../kernel/regstack-user';
import { AccountRepository, type UserCounts, type UserQuery } from '../../ports/account.repository';
import { Cursors, type Page, type PageRequest } from '../../services/cursors';
import { publicUser } from '../../services/public-user';

/** A page of users. */
export interface UserPage extends Page<RegStackUser> {
  /** Users on all pages. */
  readonly total: number;
}

/** All users, for admins. */
@Injectable()
export class DirectoryService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  counts(): Promise<UserCounts> {
    return this.accounts.counts(this.clock.now());
  }

  /**
   * A page, newest first.
   * @throws AccountError `request.invalid` for a cursor that is not ours
   */
  async list(
    query: UserQuery,
    { cursor, limit, skip }: PageRequest & { readonly skip: number },
  ): Promise<UserPage> {
    const before = this.cursors.read('users', cursor);
    const [found, total] = await Promise.all([
      this.accounts.list(query, { before, skip, limit: limit + 1 }),
      this.accounts.countOf(query),
    ]);
    return { ...this.cursors.pageOf('users', found.map(publicUser), limit), total };
  }
}
