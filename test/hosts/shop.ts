import { Attribute, type RegStackModuleOptions } from '@regstack/nestjs';
import { MemoryStore } from '@regstack/nestjs/testing';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { Scene } from '../flows/scene';
import type { StageOptions } from '../support/stage/stage';

/** What a shop knows of its users beside what every host does. */
export class ShopAttributes {
  @Attribute('registration', 'owner', 'admin') @IsOptional() @IsIn(['en', 'de']) language?: 'en' | 'de' =
    'en';
  @Attribute('admin') @IsOptional() @IsString() @Length(1, 100) company?: string;
  @Attribute() @IsOptional() @IsString() note?: string;
}

/** Settings of a shop. */
export const SHOP = {
  enableAdminRouter: true,
  enableSms2fa: true,
  attributes: ShopAttributes,
} as const satisfies Partial<RegStackModuleOptions>;

/** A running shop on a store in memory. */
export async function openShop(
  settings: StageOptions = {},
  store = new MemoryStore(),
): Promise<{ scene: Scene; store: MemoryStore }> {
  return { scene: await Scene.onMemory(store, { ...SHOP, ...settings }), store };
}

/** Events are published after the turn that an answer leaves in. */
export const published = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
};
