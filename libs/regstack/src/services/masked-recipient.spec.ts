import { maskedRecipient } from './masked-recipient';

describe('maskedRecipient', () => {
  it.each([
    ['password-reset', 'alice@example.org', 'a…@example.org'],
    ['password-reset', 'a@example.org', 'a…@example.org'],
    ['password-reset', '"odd@name"@example.org', '"…@example.org'],
    ['password-reset', '😀zoë@bücher.example', '😀…@bücher.example'],
    ['sms-sign-in', '+4915112345678', '…78'],
    ['password-reset', '', null],
    ['sms-sign-in', '', null],
  ])('%s to %s is %s', (kind, recipient, masked) => {
    expect(maskedRecipient(kind, recipient)).toBe(masked);
  });
});
