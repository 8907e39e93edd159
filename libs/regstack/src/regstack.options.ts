import type {
  InjectionToken,
  ModuleMetadata,
  OptionalFactoryDependency,
  Provider,
  Type,
} from '@nestjs/common';
import type { RegStackConfig } from './config/regstack.config';
import type { RegStackOptions } from './config/parse-config';
import type { FeatureName } from './kernel/feature-name';

/** What `forRoot()` and the async factory take: the settings, or the ready configuration of `loadRegStackConfig()`. */
export type RegStackValues = RegStackConfig | RegStackOptions;

/**
 * What decides which classes exist, and is therefore needed before any factory runs: synchronous, and refused by the type of the
 * factory's answer.
 */
export interface RegStackGraphOptions {
  /** Name of the instance, `^[a-z][a-z0-9-]{0,30}$`. Issuer, audience, keys and cookies follow from it. Default: `default`. */
  readonly name?: string;
  /** The guard and the services can be used in every module of the host. Default: true. */
  readonly isGlobal?: boolean;
  /** `RegStackAuthGuard` stands before every route of the host that is not `@Public()`. Default: false. */
  readonly globalGuard?: boolean;
  /** Features whose routes and services are left out. */
  readonly leaveOut?: readonly FeatureName[];
  /** Keep the users in the database of a connection that the host has, instead of the one of `database_url`. */
  readonly connection?: RegStackConnection;
  /**
   * Registers a strategy with `passport`, for hosts that compose strategies: `AuthGuard(['regstack', 'api-key'])`; an instance with
   * a name is `regstack-<name>`. Default: false.
   */
  readonly passport?: boolean;
  /**
   * Fields that the host adds to its users: a class whose fields are marked with `@Attribute()`, each with the rules of
   * `class-validator` beside it. Default: none.
   */
  readonly attributes?: Type<object>;
  /** Modules whose providers the factory, or a provider below, injects. */
  readonly imports?: ModuleMetadata['imports'];
  /** Replaces parts: `{ provide: Mailer, useClass: PostmarkMailer }`; also `Clock`, `PasswordHasher`, `MailTemplates`, `SmsSender`,
   * `SmsTemplates`, `AccountHooks`. */
  readonly providers?: readonly Provider[];
}

/** A connection of the host: the name of its TypeORM DataSource or Mongoose Connection (`default` for the unnamed one). */
export type RegStackConnection =
  | { readonly typeorm: string; readonly mongoose?: never }
  | { readonly mongoose: string; readonly typeorm?: never };

/** Options of `forRoot()`. */
export type RegStackModuleOptions = RegStackValues & RegStackGraphOptions;

/** No graph option may come out of a factory. */
type ValuesOnly = RegStackValues & { readonly [K in keyof RegStackGraphOptions]?: never };

/** A class that makes the settings. */
export interface RegStackOptionsFactory {
  createRegStackOptions(): ValuesOnly | Promise<ValuesOnly>;
}

/** Options of `forRootAsync()`: one of the three ways to make the settings, and the graph options beside it. */
export type RegStackAsyncOptions = RegStackGraphOptions &
  (
    | {
        readonly useFactory: (...dependencies: never[]) => ValuesOnly | Promise<ValuesOnly>;
        readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
        readonly useClass?: never;
        readonly useExisting?: never;
      }
    | {
        readonly useClass: Type<RegStackOptionsFactory>;
        readonly useFactory?: never;
        readonly useExisting?: never;
      }
    | {
        readonly useExisting: Type<RegStackOptionsFactory>;
        readonly useFactory?: never;
        readonly useClass?: never;
      }
  );
