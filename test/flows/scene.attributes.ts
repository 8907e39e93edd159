import { Attribute } from '@regstack/nestjs';
import { Equals, IsIn, IsObject, IsOptional, IsString, Length } from 'class-validator';

/** What a host adds to its users: one field for each way of being written. */
export class SceneAttributes {
  @Attribute('registration') @IsOptional() @Equals(true) terms_accepted?: boolean;
  @Attribute('registration', 'owner', 'admin') @IsOptional() @IsIn(['en', 'de']) language?: string;
  @Attribute('owner') @IsOptional() @IsString() @Length(1, 5000) nickname?: string;
  @Attribute('owner') @IsOptional() @IsObject() settings?: object;
  @Attribute('admin') @IsOptional() @IsString() @Length(1, 100) company?: string;
  /** Everybody has it, and the app alone changes it. */
  @Attribute() @IsIn(['free', 'gold']) plan = 'free';
}
