import { Command, Help, Option } from 'nest-commander';
import { AppCommand } from '../app/app.command';
import type { AppOptions } from '../app/app-options';
import { AppOpener } from '../app/app.opener';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { Rotation } from './rotation';
import { runAnew } from './second-process';

const STEPS = ['announce', 'switch', 'reencrypt', 'drop'] as const;

type Step = (typeof STEPS)[number];

interface RotateOptions extends AppOptions {
  readonly step?: Step;
}

/** Changes the secret from which every key is derived. */
@Command({
  name: 'rotate-secret',
  description:
    'Changes jwt_secret in regstack.secrets.env, the only file that it writes. The one before goes into jwt_previous_secrets: what it signed is still good. Then encrypts anew what is stored encrypted.',
})
export class RotateSecretCommand extends AppCommand {
  constructor(
    private readonly opener: AppOpener,
    private readonly terminal: Terminal,
    private readonly rotation: Rotation,
  ) {
    super();
  }

  @Option({
    flags: '--step <step>',
    description: 'one step alone, for several processes: announce, switch, reencrypt or drop',
  })
  step(text: string): Step {
    const step = STEPS.find((one) => one === text);
    if (step) return step;
    throw new Refusal(`--step must be one of: ${STEPS.join(', ')}`, EXIT.usage);
  }

  @Help('after')
  examples(): string {
    return `
One process:
  regstack rotate-secret                    then restart the app at once: until then it cannot read what was encrypted
                                            anew, so sign-ins by authenticator app are refused, and mails wait
  regstack rotate-secret --step drop        later than jwt_ttl_seconds after the restart, then restart once more

Several processes, of which no request fails and nobody is signed out:
  regstack rotate-secret --step announce    then restart one after another: all know the new secret
  regstack rotate-secret --step switch      then restart one after another: all sign with it
  regstack rotate-secret --step reencrypt   once none runs any more that signs with the one before
  regstack rotate-secret --step drop        later than jwt_ttl_seconds after that, then restart one after another

drop removes the former secrets that nothing stored needs, and names what needs the others. What is signed with one that
is gone ends: sessions, and browsers that were known or trusted. Recovery codes stay bound to the secret of their time.
After a leak do not wait: drop at once, or take the leaked secret out by hand.`;
  }

  override async run(_: string[], options: RotateOptions): Promise<void> {
    const { step, ...appOptions } = options;
    const { opener, rotation } = this;
    if (step === 'announce') return opener.use(appOptions, async (app) => rotation.announce(appOptions, app));
    if (step === 'switch') return opener.use(appOptions, async (app) => rotation.switch(appOptions, app));
    if (step === 'reencrypt') return opener.useUpToDate(appOptions, (app) => rotation.reencrypt(app));
    if (step === 'drop') return opener.useUpToDate(appOptions, (app) => rotation.drop(appOptions, app));
    return this.rotate(appOptions);
  }

  private async rotate(options: AppOptions): Promise<void> {
    await this.opener.useUpToDate(options, async (app) => this.rotation.rotate(options, app));
    const { config, module } = options;
    runAnew(
      [
        'rotate-secret',
        '--step',
        'reencrypt',
        ...(config === undefined ? [] : ['--config', config]),
        ...(module === undefined ? [] : ['--module', module]),
      ],
      'the secret is changed; what is stored is not encrypted anew yet: regstack rotate-secret --step reencrypt',
    );
    this.terminal.say(`Next: restart the app now; later than jwt_ttl_seconds after that run
  regstack rotate-secret --step drop`);
  }
}
