import { Injectable } from '@nestjs/common';
import {
  type CodeValues,
  MfaService,
  type Sms,
  type SmsKind,
  SmsSender,
  SmsTemplates,
  TrustedDevicesService,
  UsersService,
} from '@regstack/nestjs';
import { MemoryStore } from '@regstack/nestjs/testing';
import { Factors, type PhoneMember } from '../flows/factors';
import type { Scene } from '../flows/scene';
import type { StageOptions } from '../support/stage/stage';
import { openShop } from './shop';

const UNKNOWN = '01900000-0000-7000-8000-000000000000';

describe('second factors, for the code of a host', () => {
  let scene: Scene;
  let store: MemoryStore;
  let factors: Factors;
  const open = async (settings: StageOptions = {}): Promise<void> => {
    ({ scene, store } = await openShop(settings));
    factors = new Factors(scene);
  };
  afterEach(() => scene.close());

  const service = <T>(type: new (...dependencies: never[]) => T): T =>
    scene.stage.host.app.get<T>(type, { strict: false });
  const userOf = async (email: string) => (await service(UsersService).findByEmail(email))!;

  describe('MfaService', () => {
    it('tells what a user has, what can be enrolled, and what a sign-in has to wait for', async () => {
      await open({ mfaPolicy: 'required_for_superusers' });
      const mfa = service(MfaService);
      const [ann, admin] = [await scene.member(), await scene.member()];
      const { id } = await userOf(ann.email);
      expect([mfa.enrollable, mfa.demandOn(await userOf(ann.email))]).toEqual([['totp', 'sms'], 'nothing']);
      await service(UsersService).promote((await userOf(admin.email)).id);
      expect(mfa.demandOn(await userOf(admin.email))).toBe('enrolment');
      expect(await mfa.methodsFor(id)).toEqual([]);
      const { secret } = await factors.enrolApp(ann);
      expect(await mfa.methodsFor(id)).toEqual(['totp', 'recovery_code']);
      await factors.enrolPhone(ann, undefined, { code: factors.code(secret) });
      expect(await mfa.methodsFor(id)).toEqual(['totp', 'sms', 'recovery_code']);
      expect(mfa.demandOn(await userOf(ann.email))).toBe('proof');
      for (const nobody of [UNKNOWN, 'nonsense', '']) expect(await mfa.methodsFor(nobody)).toEqual([]);
    });

    it('R46: reset takes every factor, ends every session, tells the user; and does nothing where nothing is', async () => {
      await open();
      const mfa = service(MfaService);
      const ann = await factors.enrolPhone(await scene.member());
      const { id } = await userOf(ann.email);
      for (const nobody of [UNKNOWN, 'nonsense']) expect(await mfa.reset(nobody)).toBeNull();
      expect(await mfa.reset(id)).toMatchObject({ id, isMfaEnabled: false, phoneNumber: null });
      expect(await scene.isSignedIn(ann.token)).toBe(false);
      expect((await scene.subjectsTo(ann.email)).at(-1)).toMatch(/second factor/i);
      expect((await scene.login(ann.email, ann.password)).json).toMatchObject({ token_type: 'bearer' });
      expect(await mfa.reset(id)).toBeNull();
    });
  });

  describe('TrustedDevicesService', () => {
    const DAYS = { mfaTrustedDeviceDays: 30 };
    /** Signs in by both steps on a device of the member, which is trusted then and known by another cookie. */
    const trust = async (ann: PhoneMember): Promise<PhoneMember> => {
      const head = { cookie: ann.deviceCookie };
      const token = await factors.begin(ann, head);
      const code = await factors.codeTo(ann.number);
      const { status, cookies } = await factors.confirm(token, code, { trust_device: true }, head);
      expect(status).toBe(200);
      return { ...ann, deviceCookie: cookies[0]! };
    };
    const asksFor = async ({ email, password, deviceCookie: cookie }: PhoneMember): Promise<unknown> =>
      (await scene.login(email, password, { cookie })).json.status;

    it('lists what a user trusts, ends one of theirs, and all but one', async () => {
      await open(DAYS);
      const devices = service(TrustedDevicesService);
      const member = await factors.enrolPhone(await scene.member());
      const { id } = await userOf(member.email);
      expect([devices.isOn, await devices.listFor(id)]).toEqual([true, []]);
      const ann = await trust(member);
      const [device] = await devices.listFor(id);
      expect(Object.keys(device!).toSorted()).toEqual([
        'createdAt',
        'deviceId',
        'expiresAt',
        'id',
        'ip',
        'userAgent',
      ]);
      expect(await asksFor(ann)).toBeUndefined();
      const other = await userOf((await scene.member()).email);
      for (const [user, one] of [
        [other.id, device!.id],
        [id, UNKNOWN],
        [id, 'nonsense'],
      ] as const)
        expect(await devices.end(user, one)).toBe(false);
      await devices.endOthers(id, device!.deviceId);
      expect(await asksFor(ann)).toBeUndefined();
      expect([await devices.end(id, device!.id), await devices.end(id, device!.id)]).toEqual([true, false]);
      expect(await asksFor(ann)).toBe('mfa_required');
      const again = await trust(ann);
      await devices.endOthers(id, UNKNOWN);
      expect(await asksFor(again)).toBe('mfa_required');
      for (const nobody of [UNKNOWN, 'nonsense']) expect(await devices.listFor(nobody)).toEqual([]);
    });

    it('where it is switched off, none is trusted any more', async () => {
      await open(DAYS);
      const ann = await trust(await factors.enrolPhone(await scene.member()));
      await scene.stage.enter({ enableSms2fa: true });
      expect(await service(TrustedDevicesService).listFor((await userOf(ann.email)).id)).toEqual([]);
      expect(await asksFor(ann)).toBe('mfa_required');
    });
  });

  describe('parts that a host replaces', () => {
    const sent: Sms[] = [];

    @Injectable()
    class Gateway extends SmsSender {
      override async deliver(sms: Sms): Promise<void> {
        sent.push(sms);
      }
    }

    @Injectable()
    class Texts extends SmsTemplates {
      override async render(kind: SmsKind, { code, validFor }: CodeValues): Promise<string> {
        return `${kind}: ${code} (${validFor})`;
      }
    }

    it('SmsSender and SmsTemplates: texts are those of the host and leave by its gateway', async () => {
      await open({
        providers: [
          { provide: SmsSender, useClass: Gateway },
          { provide: SmsTemplates, useClass: Texts },
        ],
      });
      const ann = await scene.member();
      const number = '+4915112345678';
      const body = { phone_number: number, current_password: ann.password };
      const { json } = await scene.post('/phone/start', body, ann);
      await scene.stage.quiet();
      expect(sent).toEqual([
        {
          id: expect.any(String) as string,
          to: number,
          text: expect.stringMatching(/^sms-phone-setup: \d{6} \(5 minutes\)$/) as string,
        },
      ]);
      const [code] = /\d{6}/.exec(sent[0]!.text)!;
      const confirm = { pending_token: json.pending_token as string, code };
      expect((await scene.post('/phone/confirm', confirm, ann)).status).toBe(200);
      expect(scene.stage.sms.sent).toEqual([]);
      expect((await store.users.findById((await userOf(ann.email)).id))?.phoneNumber).toBe(number);
    });
  });

  it('R47: leaveOut of mfa takes enrolment and removal away; a factor that is there is asked for', async () => {
    await open();
    const ann = await factors.enrolPhone(await scene.member());
    await scene.close();
    const { scene: left } = await openShop({ leaveOut: ['mfa'] }, store);
    [scene, factors] = [left, new Factors(left)];
    const waiting = await factors.begin(ann);
    const code = await factors.codeTo(ann.number);
    const { json } = await factors.confirm(waiting, code);
    expect(await scene.isSignedIn(json.access_token as string)).toBe(true);
    expect((await scene.post('/mfa/challenge', undefined, ann)).text).toContain('Cannot POST');
  });
});
