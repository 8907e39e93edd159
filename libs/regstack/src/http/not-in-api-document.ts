import { SetMetadata } from '@nestjs/common';

/** What `@ApiExcludeController()` of `@nestjs/swagger` leaves: pages and their files are no part of an API document. */
export const NotInApiDocument = (): ClassDecorator => SetMetadata('swagger/apiExcludeController', [true]);
