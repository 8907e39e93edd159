import { Text } from '../../http/text.decorator';

/** What ends a session, or the trust in a device, on their page. */
export class EndForm {
  @Text({ max: 64 }) id!: string;
}
