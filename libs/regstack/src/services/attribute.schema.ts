import type { Type } from '@nestjs/common';
import { getMetadataStorage, validate, type ValidationError } from 'class-validator';
import { ATTRIBUTE_NAME } from '../kernel/attribute-name';
import { BootError } from '../kernel/boot.error';
import { AccountError, type FieldError } from '../kernel/errors';
import type { UserAttributes } from '../kernel/regstack-user';
import { brokenJson } from '../kernel/json-value';
import { type AttributeWriter, attributesOf, type DeclaredAttribute } from './attribute.decorator';

const MOST = 64;
/** Of one attribute as JSON, bytes of UTF-8. */
const VALUE_MAX = 1024;

/** The attributes that a host adds to its users: which there are, who writes them, what may be in them. */
export class AttributeSchema {
  private readonly declared: ReadonlyMap<string, DeclaredAttribute>;

  /**
   * @param type the host's class; null: no user has attributes
   * @throws BootError for a class that cannot be stored
   */
  constructor(private readonly type: Type<object> | null) {
    const declared = type ? attributesOf(type.prototype as object) : [];
    this.declared = new Map(declared.map((one) => [one.name, one]));
    const wrong = declared.find(({ name }) => !ATTRIBUTE_NAME.test(name) || name in Object.prototype);
    if (wrong) throw new BootError(`attributes: the name ${wrong.name} must match ${ATTRIBUTE_NAME.source}`);
    if (declared.length > MOST) throw new BootError(`attributes: at most ${MOST} can be declared`);
    if (type && declared.length === 0)
      throw new BootError(`attributes: no field of ${type.name} is marked with @Attribute()`);
    if (type) refuseUnfit(type, declared);
    const unfit = Object.entries(this.initial()).find(([, value]) => brokenJson(value, VALUE_MAX));
    if (unfit)
      throw new BootError(`attributes: ${unfit[0]} must begin as JSON of at most ${VALUE_MAX} bytes`);
  }

  /**
   * Passes for attributes that this writer may set; null removes one. At registration what is missing is checked too, null is as good
   * as missing, and what the class sets its fields to is stored where nothing else is given.
   *
   * @param current what there is already, for rules that look at several fields
   * @returns what is to be stored; of a change that is what was given
   * @throws AccountError `request.invalid` with a field for each attribute that is unknown, not theirs, or breaks a rule
   */
  async check(
    given: UserAttributes,
    writer: AttributeWriter | 'app',
    current: UserAttributes = {},
  ): Promise<UserAttributes> {
    this.refuse(given, (name) => !this.isWritable(name, writer), 'is not known, or not to be set here');
    const tooLong = `must be well-formed JSON of at most ${VALUE_MAX} bytes`;
    this.refuse(given, (name) => brokenJson(given[name], VALUE_MAX), tooLong);
    const isNew = writer === 'registration';
    const instance = this.instanceOf({ ...current, ...given });
    const all = await errorsOf(instance);
    const broken = isNew
      ? all.filter(({ property }) => this.isWritable(property, writer))
      : await this.newly(all, given, current);
    if (broken.length > 0) throw new AccountError('request.invalid', { fields: broken.map(fieldOf) });
    return isNew ? this.valuesOf(instance) : given;
  }

  /** A change answers for what it sets, and for what it breaks that was whole before: rules may look at several fields. */
  private async newly(
    all: readonly ValidationError[],
    given: UserAttributes,
    current: UserAttributes,
  ): Promise<readonly ValidationError[]> {
    const isGiven = ({ property }: ValidationError) => Object.hasOwn(given, property);
    if (all.every(isGiven)) return all;
    const before = new Set((await errorsOf(this.instanceOf(current))).map(({ property }) => property));
    return all.filter((error) => isGiven(error) || !before.has(error.property));
  }

  /** What the attributes of a user are at first: what the class sets its fields to. */
  initial(): UserAttributes {
    return this.valuesOf(this.instanceOf({}));
  }

  private isWritable(name: string, writer: AttributeWriter | 'app'): boolean {
    const one = this.declared.get(name);
    return one !== undefined && (writer === 'app' || one.writableBy.includes(writer));
  }

  private instanceOf(values: UserAttributes): object {
    const present = Object.entries(values).filter(([, value]) => value !== null);
    return Object.assign(this.type ? new this.type() : {}, Object.fromEntries(present));
  }

  private valuesOf(instance: object): UserAttributes {
    const values = Object.entries(instance).filter(
      ([name, value]) => this.declared.has(name) && value !== undefined && value !== null,
    );
    return Object.fromEntries(values);
  }

  private refuse(given: UserAttributes, isWrong: (name: string) => boolean, message: string): void {
    const names = Object.keys(given).filter(isWrong);
    if (names.length === 0) return;
    // A name that is none of ours may be anything, and is not said again.
    const known = names.map((name) => (this.declared.has(name) ? `attributes.${name}` : 'attributes'));
    const fields = [...new Set(known)].map((field) => ({ field, message }));
    throw new AccountError('request.invalid', { fields });
  }
}

/**
 * Values are plain JSON, set on an instance one by one: rules of a class inside another one would never be looked at, and an accessor
 * cannot be set.
 */
function refuseUnfit(type: Type<object>, declared: readonly DeclaredAttribute[]): void {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const nested = rules.find(({ type: kind }) => kind === 'nestedValidation');
  if (nested) {
    throw new BootError(
      `attributes: ${nested.propertyName} has @ValidateNested(), which plain JSON has no class for; check it by a rule of its own`,
    );
  }
  const accessor = declared.find(({ name }) => name in type.prototype);
  if (accessor)
    throw new BootError(`attributes: ${accessor.name} must be a field, not an accessor or a method`);
}

function errorsOf(instance: object): Promise<ValidationError[]> {
  return validate(instance, { forbidUnknownValues: false, validationError: { target: false, value: false } });
}

function fieldOf({ property, constraints = {} }: ValidationError): FieldError {
  const message = Object.values(constraints).join('; ') || 'is not as it should be';
  return { field: `attributes.${property}`, message };
}
