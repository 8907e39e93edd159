import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { APP_GUARD, RouterModule } from '@nestjs/core';
import { RegStackConfig } from './config/regstack.config';
import { parseConfig } from './config/parse-config';
import { FEATURES } from './features/features';
import { AccountHomePages } from './http/account-home.pages';
import { RegStackAuthGuard } from './http/regstack-auth.guard';
import { StaticFilesController } from './http/static-files.controller';
import { BootError } from './kernel/boot.error';
import type { FeatureName } from './kernel/feature-name';
import { isNotInstalled } from './kernel/optional-package';
import type {
  RegStackAsyncOptions,
  RegStackConnection,
  RegStackGraphOptions,
  RegStackModuleOptions,
  RegStackOptionsFactory,
  RegStackValues,
} from './regstack.options';
import { instanceProviders } from './regstack.providers';
import type { HostConnectionToken } from './regstack.store';
import { CommandMode } from './services/command-mode';
import { InstalledFeatures } from './services/installed-features';
import { InstanceName } from './services/instance-name';

/** A record, so that the compiler misses a name that is missing here. */
const GRAPH_OPTIONS: Readonly<Record<keyof RegStackGraphOptions, true>> = {
  name: true,
  isGlobal: true,
  globalGuard: true,
  leaveOut: true,
  connection: true,
  passport: true,
  attributes: true,
  providers: true,
  imports: true,
};

/** The account module: one `imports:` line gives an app its accounts. */
@Module({})
export class RegStackModule {
  /**
   * @param options settings (or the ready configuration of `loadRegStackConfig()`), with graph options beside them
   * @param graph graph options, for a ready configuration; they win over those beside the settings
   * @throws ConfigError naming every setting that is wrong
   */
  static forRoot(options: RegStackModuleOptions, graph: RegStackGraphOptions = {}): DynamicModule {
    const useValue = configFrom(withoutGraphOptions(options));
    return assemble({ ...graphOptionsOf(options), ...graph }, [{ provide: RegStackConfig, useValue }]);
  }

  /**
   * Settings from a factory, a class or an existing provider; graph options beside it.
   * @throws ConfigError at boot, naming every setting that is wrong; a graph option that comes out of the factory is one
   */
  static forRootAsync(options: RegStackAsyncOptions): DynamicModule {
    return assemble(options, asyncConfigProviders(options));
  }

  /**
   * An app as a command boots it: for its services, without what works in the background. Nothing of what is waiting is sent, and what the
   * command has to tell waits for the app; nothing is swept; the schema is taken as it is, whatever `auto_migrate` says (`Schema` brings it
   * up to date); a missing key of stored secrets refuses nothing. That goes for every instance in the app. Close it: what the command did is
   * in the audit log then.
   *
   * @param host the app's module, or what `forRoot()` answers; for `NestFactory.createApplicationContext()`
   */
  static asCommand(host: Type | DynamicModule): DynamicModule {
    const mode: DynamicModule = {
      module: class RegStackCommandModeModule {},
      global: true,
      providers: [CommandMode],
      exports: [CommandMode],
    };
    return { module: class RegStackCommandModule {}, imports: [mode, host] };
  }
}

function graphOptionsOf(options: RegStackModuleOptions): RegStackGraphOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => Object.hasOwn(GRAPH_OPTIONS, key)));
}

function withoutGraphOptions(options: RegStackModuleOptions): RegStackValues {
  if (options instanceof RegStackConfig) return options;
  return Object.fromEntries(Object.entries(options).filter(([key]) => !Object.hasOwn(GRAPH_OPTIONS, key)));
}

function configFrom(values: RegStackValues): RegStackConfig {
  if (values instanceof RegStackConfig && Object.isFrozen(values)) return values;
  return parseConfig(Object.fromEntries(Object.entries(values)), () => 'option', process.env['NODE_ENV']);
}

function asyncConfigProviders(options: RegStackAsyncOptions): readonly Provider[] {
  if (options.useFactory) {
    const make = options.useFactory as (
      ...dependencies: unknown[]
    ) => RegStackValues | Promise<RegStackValues>;
    const useFactory = async (...dependencies: unknown[]): Promise<RegStackConfig> =>
      configFrom(await make(...dependencies));
    return [{ provide: RegStackConfig, useFactory, inject: options.inject ?? [] }];
  }
  const factory = options.useExisting ?? options.useClass;
  const config: Provider = {
    provide: RegStackConfig,
    useFactory: async (maker: RegStackOptionsFactory) => configFrom(await maker.createRegStackOptions()),
    inject: [factory],
  };
  return options.useClass ? [options.useClass, config] : [config];
}

/** One graph per call: the module classes are made here, because Nest keeps a path per class and two instances have two. */
function assemble(graph: RegStackGraphOptions, config: readonly Provider[]): DynamicModule {
  const { name = 'default', isGlobal = true, globalGuard = false, leaveOut = [] } = graph;
  checkName(name);
  const names = (Object.keys(FEATURES) as FeatureName[]).filter((one) => !leaveOut.includes(one));
  const features = names.map((one) => FEATURES[one]);
  const providers: Provider[] = [
    ...config,
    { provide: InstalledFeatures, useValue: new InstalledFeatures(names) },
    ...instanceProviders(name, connectionToken(graph.connection), graph.attributes ?? null),
    ...features.flatMap((feature) => feature.providers),
    ...(graph.providers ?? []),
  ];
  const core: DynamicModule = {
    module: class RegStackCoreModule {},
    imports: graph.imports ?? [],
    providers: [
      ...providers,
      ...(globalGuard ? [{ provide: APP_GUARD, useExisting: RegStackAuthGuard }] : []),
      ...(graph.passport ? [passportStrategy()] : []),
      ...(leaveOut.includes('mfa') ? [ENROLMENT_CHECK] : []),
    ],
    exports: providers.map(tokenOf),
  };
  const api = faces(
    class RegStackApiModule {},
    core,
    features.flatMap((feature) => feature.controllers),
  );
  const landings = faces(
    class RegStackLandingsModule {},
    core,
    features.flatMap((feature) => feature.landings ?? []),
  );
  const pages = faces(class RegStackPagesModule {}, core, [
    AccountHomePages,
    ...features.flatMap((feature) => feature.pages ?? []),
  ]);
  const files = faces(class RegStackFilesModule {}, core, [StaticFilesController]);
  return {
    module: RegStackModule,
    global: isGlobal,
    imports: [core, api, landings, pages, files, router(core, { api, landings, pages, files })],
    exports: [core],
  };
}

/** Refuses to start where whoever must have a second factor could not enrol one. */
const ENROLMENT_CHECK: Provider = {
  provide: class EnrolmentCheck {},
  useFactory: ({ mfaPolicy }: RegStackConfig): void => {
    if (!mfaPolicy.startsWith('required')) return;
    throw new BootError(`mfa_policy = ${mfaPolicy} needs the feature mfa, which leaveOut takes away`);
  },
  inject: [RegStackConfig],
};

function faces(module: Type, core: DynamicModule, controllers: Type[]): DynamicModule {
  return { module, imports: [core], controllers };
}

/** The modules with routes, by what they are for. */
type Faces = Readonly<Record<'api' | 'landings' | 'pages' | 'files', DynamicModule>>;

/**
 * `RouterModule` takes its routes from a provider, so the prefixes may come out of an async factory: paths are set at `app.init()`. Pages that
 * are switched off are out of the way of what the host has there; the guard refuses them all the same.
 */
function router(core: DynamicModule, { api, landings, pages, files }: Faces): DynamicModule {
  const empty = RouterModule.register([]);
  const [routes] = empty.providers as unknown as readonly [{ provide: symbol }];
  const useFactory = (config: RegStackConfig, instance: InstanceName) => [
    { path: config.apiPrefix, module: api.module },
    { path: config.uiPrefix, module: landings.module },
    { path: config.uiPrefix + (config.enableUiRouter ? '' : '/.off'), module: pages.module },
    { path: instance.filesUnder(config.staticPrefix), module: files.module },
  ];
  return {
    ...empty,
    imports: [core],
    providers: [{ provide: routes.provide, useFactory, inject: [RegStackConfig, InstanceName] }],
  };
}

function connectionToken(connection: RegStackConnection | undefined): HostConnectionToken | null {
  if (!connection) return null;
  if (connection.typeorm !== undefined) {
    const { hostDataSourceToken } = loadFor(
      'connection',
      '@nestjs/typeorm',
      () =>
        // oxlint-disable-next-line typescript/no-require-imports -- the graph is synchronous, and only such hosts have the package
        require('./persistence/typeorm/tokens') as typeof import('./persistence/typeorm/tokens'),
    );
    return { orm: 'typeorm', token: hostDataSourceToken(connection.typeorm) };
  }
  const { hostConnectionToken } = loadFor(
    'connection',
    '@nestjs/mongoose',
    () =>
      // oxlint-disable-next-line typescript/no-require-imports -- as above
      require('./persistence/mongoose/tokens') as typeof import('./persistence/mongoose/tokens'),
  );
  return { orm: 'mongoose', token: hostConnectionToken(connection.mongoose) };
}

function passportStrategy(): Type {
  return loadFor(
    'passport',
    'passport',
    () =>
      // oxlint-disable-next-line typescript/no-require-imports -- as above
      require('./http/passport.strategy') as typeof import('./http/passport.strategy'),
  ).RegStackStrategy;
}

/** What only a graph option needs is loaded with it; a missing package is told with its cure. */
function loadFor<T>(option: string, name: string, load: () => T): T {
  try {
    return load();
  } catch (cause) {
    if (!isNotInstalled(cause, name)) throw cause;
    throw new Error(`RegStackModule: ${option} needs a package; run: npm install ${name}`, { cause });
  }
}

function tokenOf(provider: Provider) {
  return typeof provider === 'function' ? provider : provider.provide;
}

function checkName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    throw new Error(`RegStackModule: the name of an instance must match ^[a-z][a-z0-9-]{0,30}$`);
  }
}
