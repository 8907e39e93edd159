import type { ExecutionContext, Type } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccessRules, OptionalAuth, Public, RequireFresh, Roles, SwitchedBy } from './access';

@Public()
class Open {
  plain(): void {}
  @Roles('editor') editors(): void {}
  @RequireFresh() fresh(): void {}
  @Public() @Roles('editor') both(): void {}
}

@OptionalAuth()
class Optional {
  plain(): void {}
  @Roles('editor') editors(): void {}
}

@Roles('editor')
@RequireFresh()
class Demanding {
  plain(): void {}
  @Roles('author') authors(): void {}
  @Public() open(): void {}
  @OptionalAuth() optional(): void {}
}

@Public()
@Roles('editor')
class Contrary {
  plain(): void {}
}

class Plain {
  plain(): void {}
  @SwitchedBy('admin') switched(): void {}
}

describe('who may pass', () => {
  const rules = new AccessRules(new RegStackConfig());
  const of = (type: Type, method: string) =>
    rules.of({
      getClass: () => type,
      getHandler: () => (type.prototype as Record<string, unknown>)[method],
    } as unknown as ExecutionContext);
  const closed = {
    isPublic: false,
    isOptional: false,
    needsFresh: false,
    roles: null,
    isSwitchedOff: false,
  };

  it.each<[Type, string, object]>([
    [Plain, 'plain', closed],
    [Plain, 'switched', { ...closed, isSwitchedOff: true }],
    [Open, 'plain', { ...closed, isPublic: true }],
    [Open, 'editors', { ...closed, roles: ['editor'] }],
    [Open, 'fresh', { ...closed, needsFresh: true }],
    [Open, 'both', { ...closed, roles: ['editor'] }],
    [Optional, 'plain', { ...closed, isOptional: true }],
    [Optional, 'editors', { ...closed, roles: ['editor'] }],
    [Demanding, 'plain', { ...closed, roles: ['editor'], needsFresh: true }],
    [Demanding, 'authors', { ...closed, roles: ['author'], needsFresh: true }],
    [Demanding, 'open', { ...closed, isPublic: true }],
    [Demanding, 'optional', { ...closed, isOptional: true }],
    [Contrary, 'plain', { ...closed, roles: ['editor'] }],
  ])('R69: %p, %s', (type, method, expected) => {
    expect(of(type, method)).toEqual(expected);
    expect(of(type, method)).toBe(of(type, method));
  });

  it('two controllers that inherit a method have rules of their own', () => {
    class Heir extends Plain {}
    expect(of(Heir, 'plain')).toEqual(closed);
    expect(of(Heir, 'plain')).not.toBe(of(Plain, 'plain'));
  });
});
