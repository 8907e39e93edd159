import { EventEmitter2 } from '@nestjs/event-emitter';
import { type AccountEvent, type RegStackUser, UsersService } from '@regstack/nestjs';
import type { MemoryStore } from '@regstack/nestjs/testing';
import { type Member, type Scene, someone } from '../flows/scene';
import { PASSWORD } from '../support/demo';
import { openShop, published, type ShopAttributes } from './shop';

/** Somebody with an account, and their id. */
export type Citizen = Member & { readonly id: string };

/** A shop whose events are heard, each with the row of its user at that moment. */
export class Town {
  readonly heard: { readonly event: AccountEvent; readonly row: RegStackUser | undefined }[] = [];

  private constructor(
    readonly scene: Scene,
    readonly store: MemoryStore,
    readonly users: UsersService<ShopAttributes>,
    readonly admin: Citizen,
  ) {
    this.emitter.onAny((_name: unknown, event: AccountEvent) => {
      const row = event.user === null ? undefined : store.tables.users.get(event.user.id);
      this.heard.push({ event, row });
    });
  }

  get emitter(): EventEmitter2 {
    return this.scene.stage.host.app.get(EventEmitter2, { strict: false });
  }

  /** @param requireVerification without it accounts exist before their address is proved */
  static async found(requireVerification: boolean): Promise<Town> {
    // Codes of an app take time, and the admin of the town signs in once.
    const { scene, store } = await openShop({ requireVerification, freshSessionSeconds: 0 });
    const users = scene.stage.host.app.get<UsersService<ShopAttributes>>(UsersService, { strict: false });
    const admin = await scene.admin();
    return new Town(scene, store, users, { ...admin, id: (await users.findByEmail(admin.email))!.id });
  }

  /** Registers, and proves the address where that is asked for; signs in. */
  async citizen(): Promise<Citizen> {
    const email = someone();
    await this.scene.register(email);
    const waits = (await this.users.findByEmail(email)) === null;
    if (waits) await this.scene.verify(await this.scene.tokenTo(email));
    const member = await this.scene.signIn(email, PASSWORD);
    return { ...member, id: (await this.users.findByEmail(email))!.id };
  }

  /** What the work lets be heard. */
  async during(work: () => Promise<unknown>): Promise<Town['heard']> {
    await this.quiet();
    this.heard.length = 0;
    await work();
    await this.quiet();
    return this.heard.splice(0);
  }

  /** An admin asks for something. */
  asAdmin(method: string, path: string, body?: unknown) {
    return this.scene.ask(method, `/admin${path}`, body, this.admin);
  }

  patch({ id }: Citizen, body: unknown) {
    return this.asAdmin('PATCH', `/users/${id}`, body);
  }

  private async quiet(): Promise<void> {
    await this.scene.stage.quiet();
    await published();
  }
}

/** Prepares, and answers what is then to be heard. */
export type Act = (town: Town, citizen: Citizen) => Promise<() => Promise<unknown>>;

/** Without anything to prepare. */
export const now =
  (work: (town: Town, citizen: Citizen) => Promise<unknown>): Act =>
  async (town, citizen) =>
  () =>
    work(town, citizen);

/** After something. */
export const after =
  (
    first: (town: Town, citizen: Citizen) => Promise<unknown>,
    work: (town: Town, citizen: Citizen) => Promise<unknown>,
  ): Act =>
  async (town, citizen) => {
    await first(town, citizen);
    return () => work(town, citizen);
  };
