import 'reflect-metadata';

/** Who may write an attribute: whoever registers, the user in `PATCH /me`, an admin. The app's own code may write all of them. */
export type AttributeWriter = 'registration' | 'owner' | 'admin';

/** An attribute as declared. */
export interface DeclaredAttribute {
  readonly name: string;
  readonly writableBy: readonly AttributeWriter[];
}

const ATTRIBUTES = 'regstack:attributes';

/**
 * Declares a field of the class that a host gives as `attributes`: one more field of its users, checked by the decorators of
 * `class-validator` beside this one. Nobody who is not named here can write it.
 *
 * @example
 * class ShopAttributes {
 *   @Attribute('registration') @Equals(true) terms_accepted!: boolean;
 *   @Attribute('registration', 'owner', 'admin') @IsOptional() @IsIn(['en', 'de']) language?: string;
 *   @Attribute('admin') @IsOptional() @IsString() @Length(1, 100) company?: string;
 * }
 */
export function Attribute(...writableBy: readonly AttributeWriter[]): PropertyDecorator {
  return (prototype, property) => {
    const known = attributesOf(prototype);
    Reflect.defineMetadata(ATTRIBUTES, [...known, { name: String(property), writableBy }], prototype);
  };
}

/** The attributes that a class, or one that it extends, declares. */
export function attributesOf(prototype: object): readonly DeclaredAttribute[] {
  return (Reflect.getMetadata(ATTRIBUTES, prototype) as readonly DeclaredAttribute[] | undefined) ?? [];
}
