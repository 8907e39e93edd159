import { writeFileSync } from 'node:fs';
import { AppFolder } from '../support/cli/app-folder';

const [DONE, REFUSED, USAGE] = [0, 1, 2];

describe('--module', () => {
  let app: AppFolder;
  beforeEach(() => {
    app = new AppFolder();
  });

  /** A compiled module, and what its file does besides. */
  const host = (more: string): string => {
    writeFileSync(
      app.file('app.module.js'),
      `const { Module } = require('@nestjs/common');
       const { loadRegStackConfig, RegStackModule } = require('@regstack/nestjs');
       class AppModule {}
       Module({ imports: [RegStackModule.forRoot(loadRegStackConfig())] })(AppModule);
       exports.AppModule = AppModule;
       ${more}`,
    );
    return './app.module.js';
  };

  it('ends with its work, whatever the app has left running', async () => {
    const { code, stderr } = await app.run('migrate', '--module', host('setInterval(() => {}, 1000);'));
    expect({ code, stderr }).toEqual({ code: DONE, stderr: '' });
  });

  it('ends where the file is the one that starts the app', async () => {
    writeFileSync(app.file('main.js'), `require('node:http').createServer().listen(0, '127.0.0.1');`);
    const { code, stderr } = await app.run('migrate', '--module', 'main.js');
    expect({ code, stderr }).toEqual({
      code: REFUSED,
      stderr: expect.stringContaining('exports no module; export the class AppModule'),
    });
  });

  it('tells what the app throws beside its work in a line', async () => {
    const args = ['migrate', '--module', host(`setImmediate(() => { throw new Error('beside'); });`)];
    expect(await app.run(...args)).toEqual({ code: REFUSED, stdout: '', stderr: 'beside\n' });
  });

  it('refuses --config beside it, which such an app does not read', async () => {
    const args = ['migrate', '--module', host(''), '--config', 'other.toml'];
    expect(await app.run(...args)).toEqual({
      code: USAGE,
      stdout: '',
      stderr: expect.stringContaining('set REGSTACK_CONFIG for it instead'),
    });
  });
});
