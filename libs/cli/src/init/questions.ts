import { takesPassword } from './database-password';
import type { Answers, Question } from './question';

const sentBy = (sender: string) => (before: Answers) => before.get('email.backend') === sender;
const textedBy = (sender: string) => (before: Answers) => before.get('sms.backend') === sender;

/** What `init` asks, in this order. */
export const QUESTIONS: readonly Question[] = [
  {
    key: 'app_name',
    kind: 'line',
    flag: '--app-name <name>',
    message: 'Name of the app in mails and on pages',
  },
  {
    key: 'base_url',
    kind: 'line',
    flag: '--base-url <url>',
    message: 'URL at which the app is reached from outside',
  },
  {
    key: 'database_url',
    kind: 'line',
    flag: '--database-url <url>',
    message: 'Database: sqlite:./file.db, postgres://user@host/name or mongodb://user@host/name',
  },
  {
    key: 'database_password',
    kind: 'secret',
    message: 'Password of that user of the database (empty: none)',
    isAsked: takesPassword,
  },
  {
    key: 'email.backend',
    kind: 'choice',
    flag: '--mail <sender>',
    message: 'Mail leaves by',
    choices: [
      { value: 'console', hint: 'the terminal: for development' },
      { value: 'smtp', hint: 'any mail server' },
      { value: 'ses', hint: 'Amazon SES' },
    ],
  },
  {
    key: 'email.smtp_host',
    kind: 'line',
    flag: '--smtp-host <host>',
    message: 'Mail server',
    isAsked: sentBy('smtp'),
  },
  {
    key: 'email.smtp_port',
    kind: 'line',
    flag: '--smtp-port <port>',
    message: 'Port of the mail server (465 with implicit TLS)',
    isAsked: sentBy('smtp'),
  },
  {
    key: 'email.smtp_tls',
    kind: 'choice',
    flag: '--smtp-tls <mode>',
    message: 'TLS with the mail server',
    choices: [
      { value: 'starttls', hint: 'required, not offered' },
      { value: 'implicit' },
      { value: 'none', hint: 'this machine only' },
    ],
    isAsked: sentBy('smtp'),
  },
  {
    key: 'email.smtp_username',
    kind: 'line',
    flag: '--smtp-username <name>',
    message: 'User at the mail server (empty: none)',
    isAsked: sentBy('smtp'),
  },
  {
    key: 'email.smtp_password',
    kind: 'secret',
    message: 'Password at the mail server',
    isAsked: (before) => before.has('email.smtp_username'),
  },
  {
    key: 'email.ses_region',
    kind: 'line',
    flag: '--ses-region <region>',
    message: 'Region of Amazon SES',
    isAsked: sentBy('ses'),
  },
  {
    key: 'email.from_address',
    kind: 'line',
    flag: '--from-address <address>',
    message: 'Address that mails come from',
  },
  {
    key: 'mfa_policy',
    kind: 'choice',
    flag: '--mfa-policy <policy>',
    message: 'Who must have a second factor',
    choices: [
      { value: 'off', hint: 'nobody, and nobody can enrol one' },
      { value: 'optional', hint: 'nobody' },
      { value: 'required', hint: 'everybody' },
      { value: 'required_for_superusers', hint: 'admins' },
    ],
  },
  {
    key: 'sms.backend',
    kind: 'choice',
    flag: '--sms <sender>',
    message: 'Codes by SMS as a second factor, sent by',
    choices: [
      { value: 'none', hint: 'no codes by SMS: authenticator apps alone' },
      { value: 'console', hint: 'the terminal: for development' },
      { value: 'twilio', hint: 'Twilio' },
      { value: 'sns', hint: 'Amazon SNS' },
    ],
    byDefault: 'none',
    isAsked: (before) => before.get('mfa_policy') !== 'off',
  },
  {
    key: 'sms.twilio_account_sid',
    kind: 'line',
    flag: '--twilio-account-sid <id>',
    message: 'Account at Twilio, AC…',
    isAsked: textedBy('twilio'),
  },
  {
    key: 'sms.twilio_auth_token',
    kind: 'secret',
    message: 'Token of that account at Twilio',
    isAsked: textedBy('twilio'),
  },
  {
    key: 'sms.sns_region',
    kind: 'line',
    flag: '--sns-region <region>',
    message: 'Region of Amazon SNS',
    isAsked: textedBy('sns'),
  },
  {
    key: 'sms.from_number',
    kind: 'line',
    flag: '--sms-from <sender>',
    message: 'Number or name that texts come from (empty with Amazon SNS: its own choice)',
    isAsked: (before) => textedBy('twilio')(before) || textedBy('sns')(before),
  },
  {
    key: 'enable_ui_router',
    kind: 'switch',
    flag: '--pages',
    message: 'HTML pages for sign-in, account and all the rest',
  },
  {
    key: 'enable_admin_router',
    kind: 'switch',
    flag: '--admin-routes',
    message: 'Routes for admins',
  },
  {
    key: 'trusted_proxies',
    kind: 'line',
    flag: '--trusted-proxies <number>',
    message: 'Number of reverse proxies in front of the app',
  },
];
