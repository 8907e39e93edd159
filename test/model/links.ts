import { isUser, type Link } from './terms';

/** The links that were not used or replaced. */
export class Links {
  private links: Link[] = [];

  /** A newer link takes the place of an older one of its kind about the same (R30). */
  issue(link: Link): Link {
    const { kind, subject } = link;
    this.links = [...this.links.filter((one) => one.kind !== kind || one.subject !== subject), link];
    return link;
  }

  /** In time, and about a user whose credentials are those of then. */
  isLive(link: Link, now: number): boolean {
    const { subject } = link;
    if (!this.links.includes(link) || link.endsAt <= now) return false;
    return !isUser(subject) || (subject.isActive && subject.epoch === link.epoch);
  }

  /** Ends those of attempts on the address, and those to the mailbox alone. */
  dropAttempts(email: string): void {
    this.links = this.links.filter((one) => one.email !== email || isUser(one.subject));
  }
}
