/** Parts of every secret below: none of them may be told. */
export const CANARIES = [
  'Zq8Vt3Lx9Wm2Kp7Rb4Nc6Hd1Jf5Gs0YaEuTiOw==',
  'Xk4Bn7Qw2Er9Ty6Ui1Op3As8Df5Gh0JlZcVvMqPs',
  'Mw6Pz1Lk8Jh3Gf9Ds4',
  'Tr5Ew2Qa7Sd0Fg4Hj9Kl',
] as const;

/** A regstack.toml that is sound, with something of every type in it. */
export const SOUND_TOML = `# What the app is
app_name = "Plum"
base_url = "http://localhost:3000"
trusted_proxies = 0
table_prefix = "plum_"
auto_migrate = true
database_timeout_ms = 2500

jwt_algorithm = "HS256"
jwt_ttl_seconds = 3_600
jwt_audience = 'plum'
jwt_previous_secrets = ["${CANARIES[1]}"]
mfa_policy = "optional"
extra_template_dirs = []
font_origins = ["https://fonts.example.org"]
brand_tagline = """Accounts"""

[argon2]
memory_kib = 8192
time_cost = 1

[email]
backend = "console"
from_address = "noreply@example.org"
smtp_host = "127.0.0.1"
smtp_port = 1
smtp_tls = "none"
smtp_username = "plum"
smtp_password = "${CANARIES[2]}"

[sms]
twilio_auth_token = "${CANARIES[3]}"
`;

/** The secrets file beside it. */
export const SOUND_SECRETS = `# Keep out of version control.
REGSTACK_JWT_SECRET=${CANARIES[0]}
REGSTACK_DATABASE_URL="sqlite::memory:"
REGSTACK_SMS__FROM_NUMBER='+4915100000000'
`;
