import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { coarseDevice } from '../kernel/coarse-device';

/** The device that the request came from, in fixed words, for mails that tell the owner of an account about it. */
export const Device = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { headers } = context.switchToHttp().getRequest<{ headers: { 'user-agent'?: string } }>();
  return coarseDevice(headers['user-agent']);
});
